import { watchedAlerts } from '../defender/alerts/watched_alerts.ts';
import { alertFeed } from '../defender/trigger/alert_feed.ts';
import { readDelivery } from '../defender/trigger/delivery.ts';
import { toToldAlert } from '../defender/trigger/told.ts';
import type { Shared } from '../redis/shared.ts';
import { createLocalDeliveries } from '../watch/deliveries.ts';
import type { Watcher } from '../watch/watcher.ts';

/** Takes an alert that a flow delivers. @throws Fault if it cannot be told whether it came before */
export type Deliver = (value: unknown) => Promise<{ readonly isNew: boolean } | { readonly problem: string }>;

/** Readers that wait for alerts, and subscribers, get the alert at once; polling does not give it to them again. */
export function createDeliver(pollOf: Watcher, origin: string, shared?: Shared): Deliver {
  const deliveriesTo = shared?.deliveriesTo ?? createLocalDeliveries;
  const deliveries = deliveriesTo((item) => {
    const alert = toToldAlert(item, origin);
    // Another version of this server may tell of alerts in another form; polling finds those.
    if (!alert) return;
    pollOf(alertFeed).arrivals.push(alert);
    pollOf(watchedAlerts).arrivals.push(alert.ProviderAlertId);
  });
  return async (value) => {
    const read = readDelivery(value, origin);
    if ('problem' in read) return read;
    return { isNew: await deliveries.take(read.alert.ProviderAlertId, read.alert) };
  };
}
