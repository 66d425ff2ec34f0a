import { type AlertActions, createAlertActions } from './alert_actions.ts';
import type { View } from './arrange.ts';
import { type ChangeActions, createChangeActions } from './change_actions.ts';
import type { Host } from './host.ts';
import { createQueueActions, type QueueActions } from './queue_actions.ts';
import { messageOf } from './server.ts';
import type { Store } from './state.ts';

/** Everything that a person can do on the board. */
export interface Actions extends QueueActions, AlertActions, ChangeActions {
  look(change: Partial<View>): void;
  /** Asks the client for the whole screen, or to give it back. */
  fillScreen(wanted: boolean): Promise<void>;
}

export function createActions(host: Host, store: Store): Actions {
  return {
    ...createQueueActions(host, store),
    ...createAlertActions(host, store),
    ...createChangeActions(host, store),
    look: (change) => store.set({ view: { ...store.get().view, ...change } }),
    async fillScreen(wanted) {
      try {
        // The client tells of the change of mode by itself.
        await host.request('ui/request-display-mode', { mode: wanted ? 'fullscreen' : 'inline' });
      } catch (error) {
        store.set({ problem: messageOf(error) });
      }
    },
  };
}
