import { type Evidence, type Item, isEvidence, isList, toItem } from './alerts.ts';
import type { Host } from './host.ts';
import { messageOf, readValue } from './server.ts';
import type { Opened, Store } from './state.ts';

/** What a person can do with one alert, besides changing it. */
export interface AlertActions {
  open(item: Item): Promise<void>;
  /** Shows evidence that has come as an answer in the chat. */
  show(evidence: Evidence): Promise<void>;
  leave(): void;
  /** Asks the client to open the alert's page in the portal. */
  openPortal(id: string): Promise<void>;
}

/** How many other alerts of the user are listed. */
const MOST_OTHERS = 12;

export function createAlertActions(host: Host, store: Store): AlertActions {
  /** Changes what is shown of an alert, unless another one is open by now. */
  const complete = (id: string, more: Partial<Opened>) => {
    const { opened } = store.get();
    if (opened?.id === id) store.set({ opened: { ...opened, ...more } });
  };
  const readOthers = async ({ alert }: Evidence) => {
    const [user] = alert.users ?? [];
    if (!user) return complete(alert.id, { others: [] });
    try {
      const value = await readValue(host, 'mdca_list_alerts', { user: user.id, limit: MOST_OTHERS });
      const items = isList(value) ? value.alerts.map(toItem) : [];
      complete(alert.id, { others: items.filter(({ id }) => id !== alert.id) });
    } catch {
      // The alert itself is shown; that its user cannot be looked up does not matter as much.
      complete(alert.id, { others: [] });
    }
  };
  return {
    async open(item) {
      store.set({ opened: { id: item.id, item }, step: undefined, problem: '', notice: '' });
      try {
        const value = await readValue(host, 'mdca_get_alert', { alert_id: item.id });
        if (!isEvidence(value)) throw new Error('The server did not answer with an alert.');
        complete(item.id, { evidence: value });
        await readOthers(value);
      } catch (error) {
        if (store.get().opened?.id === item.id) store.set({ problem: messageOf(error) });
      }
    },
    async show(evidence) {
      store.set({ opened: { id: evidence.alert.id, evidence }, step: undefined });
      await readOthers(evidence);
    },
    leave: () => store.set({ opened: undefined, step: undefined, problem: '' }),
    async openPortal(id) {
      const url = store.get().queue?.link?.replace('{id}', encodeURIComponent(id)) ?? '';
      if (!/^https?:\/\//.test(url)) return;
      try {
        await host.request('ui/open-link', { url });
      } catch (error) {
        store.set({ problem: messageOf(error) });
      }
    },
  };
}
