import * as z from 'zod';
import { path } from '../../core/path.ts';
import type { WriteApi } from '../../http/client.ts';
import { onRoute } from '../shared/write_once.ts';
import type { ChangeOfAlerts } from './alert_change.ts';

/** Marks alerts as read or unread, one request each (docs/defender-api.md 4.1, A6 and A7). */
export function markAs(what: 'read' | 'unread'): ChangeOfAlerts {
  const send = (api: WriteApi, [id = '']: readonly string[]) =>
    api.write(what === 'read' ? path`/api/v1/alerts/${id}/read/` : path`/api/v1/alerts/${id}/unread/`, z.unknown(), {});
  return {
    verb: `mark ${what}`,
    does: (count, headline) => `Mark ${count} alerts as ${what}: ${headline}.\nThey stay as they are otherwise.`,
    isDone: ({ readState }) => (readState === undefined ? undefined : readState > 0 === (what === 'read')),
    stateOf: ({ readState }) => `state ${readState}`,
    chunk: 1,
    send,
  };
}

/**
 * Opens closed alerts again, which undoes a close (docs/defender-api.md 4.1, A11). The route is not documented, so only
 * reading back tells whether it worked.
 */
export const reopening: ChangeOfAlerts = {
  verb: 'reopen',
  does: (count, headline) =>
    `Open ${count} closed alerts again: ${headline}.\nThey return to the open list. Microsoft does not document this ` +
    'route, so the alerts are read back afterwards.',
  isDone: ({ status }) => (status === undefined || status < 0 ? undefined : status === 0),
  stateOf: ({ alert }) => alert.status ?? 'unknown',
  chunk: 100,
  send: (api, ids) =>
    onRoute(api, 'MDCA_ROUTE_REOPEN_ALERTS', undefined, (route) =>
      api.write(route, z.unknown(), { filters: { id: { eq: ids } } }),
    ),
};
