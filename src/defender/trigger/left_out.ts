import { quoteId } from '../../text/sanitize.ts';
import { toAlert } from '../alerts/alert.ts';
import { MOST_MEMBERS, moreThan } from '../shared/bounds.ts';
import { accountsIn, type WireTriggerAlert } from './trigger_alert.ts';

/**
 * How many members of its lists each payload lacks, by the alert's id; the payload itself has no place for that. Alerts
 * that lack none are absent.
 */
export function leftOutOf(wires: readonly WireTriggerAlert[]): ReadonlyMap<string, string> | undefined {
  const leftOut = new Map<string, string>();
  // A list with few entities in all has none to cut.
  for (const wire of wires.filter(({ entities }) => entities.length > MOST_MEMBERS)) {
    const { id, more_ips, more_apps, more_countries } = toAlert(wire, '');
    const counts = {
      accounts: moreThan(MOST_MEMBERS, accountsIn(wire)),
      ips: more_ips,
      apps: more_apps,
      countries: more_countries,
    };
    const parts = Object.entries(counts).flatMap(([what, count]) => (count === undefined ? [] : `${count} ${what}`));
    if (parts.length > 0) leftOut.set(id, `${quoteId(id)}: ${parts.join(', ')}`);
  }
  return leftOut.size === 0 ? undefined : leftOut;
}
