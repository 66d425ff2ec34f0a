import type { InjectedFaults } from '../faults/queue.ts';
import { json, methodNotAllowed, notFound, type Reply } from '../reply.ts';
import type { RecordedRequest } from '../requests.ts';
import type { State } from '../state.ts';
import type { Raise } from '../tenant/raise.ts';
import { createAlertSource } from './alerts.ts';
import { addFaults } from './faults.ts';

interface Parts {
  state: State;
  faults: InjectedFaults;
  requests: RecordedRequest[];
  raise: Raise;
  now: () => number;
}

/** Answers one call of the control path; `body` is its raw text. */
export type Control = (method: string, path: string, body: string) => Reply;

/** The control path `/__emulator/`: for tests and demos in another process. Neither recorded nor throttled. */
export function createControl({ state, raise, faults, requests, now }: Parts): Control {
  const raiseAlerts = createAlertSource(raise, now);
  const routes: Record<string, Record<string, (body: string) => Reply>> = {
    '/__emulator/faults': {
      POST: (body) => addFaults(faults, body),
      DELETE: () => {
        faults.clear();
        return done();
      },
    },
    '/__emulator/requests': {
      GET: () => json(200, requests),
      DELETE: () => {
        requests.length = 0;
        return done();
      },
    },
    '/__emulator/state': { GET: () => json(200, summary(state)) },
    '/__emulator/alerts': { POST: raiseAlerts },
  };
  return (method, path, body) => {
    const route = Object.entries(routes).find(([known]) => known === path.replace(/\/$/, ''))?.[1];
    if (!route) return notFound();
    const handler = Object.hasOwn(route, method) ? route[method] : undefined;
    return handler ? handler(body) : methodNotAllowed(method);
  };
}

const done = (): Reply => ({ status: 204, headers: {}, body: '' });

function summary(state: State): unknown {
  return {
    counts: Object.fromEntries(Object.entries(state).map(([name, records]) => [name, records.length])),
    policyIds: state.policies.map((policy) => policy._id),
    appIds: state.apps.map((app) => app.appId),
    entityIds: state.entities.map((entity) => entity.id),
    alerts: state.alerts,
  };
}
