import { createClient, type WriteApi } from '../../../src/http/client.ts';
import type { Send, ServiceRequest, ServiceResponse } from '../../../src/http/layers.ts';
import { createRoutes } from '../../../src/http/undocumented_routes.ts';

export const ORIGIN = 'https://tenant.example';

/** An alert as the service keeps it; absent members are not sent. */
export interface Kept {
  readonly _id: string;
  resolutionStatusValue?: number | string;
  severityValue?: number;
  [field: string]: unknown;
}

/** What comes instead of an answer, or undefined for the answer itself. */
type Fault = (request: ServiceRequest, ids: readonly string[]) => ServiceResponse | Error | undefined;

export const idOf = (n: number): string => 'b'.repeat(20) + n.toString(16).padStart(4, '0');
export const idsTo = (count: number): string[] => Array.from({ length: count }, (_, n) => idOf(n + 1));

export function reply(status: number, body: object = {}): ServiceResponse {
  return { status, headers: {}, body: JSON.stringify(body) };
}

/** Open alerts with these ids. */
export function openAlerts(ids: readonly string[]): Kept[] {
  return ids.map((_id) => ({ _id, resolutionStatusValue: 0, severityValue: 1 }));
}

/**
 * The service without a network: lists alerts by id and closes them, behind the product's own client.
 * @param becomes the state that a close leads to
 */
export function createAlertService(alerts: Kept[], becomes = 4) {
  const reads: (readonly string[])[] = [];
  const writes: { readonly path: string; readonly body: unknown }[] = [];
  const told: string[] = [];
  const faults: { read?: Fault; write?: Fault } = {};

  const list = (ids: readonly string[]) => {
    const data = alerts.filter(({ _id }) => ids.includes(_id.toLowerCase()));
    return reply(200, { data, total: data.length, hasNext: false });
  };
  const close = (path: string, ids: readonly string[]) => {
    const open = alerts.filter(({ _id, resolutionStatusValue }) => ids.includes(_id) && resolutionStatusValue === 0);
    for (const alert of open) alert.resolutionStatusValue = becomes;
    return reply(200, { [COUNTERS[path] ?? '']: open.length });
  };
  const send: Send = async (request) => {
    const body = JSON.parse(request.body ?? '{}');
    const ids: string[] = body.filters.id.eq;
    if (request.effect === 'read') reads.push(ids);
    else writes.push({ path: request.path, body });
    const instead = faults[request.effect]?.(request, ids);
    if (instead instanceof Error) throw instead;
    return instead ?? (request.effect === 'read' ? list(ids) : close(request.path, ids));
  };
  const client = createClient({ origin: ORIGIN, send, routes: createRoutes() });
  const binding = {
    signal: new AbortController().signal,
    progress: (message: string) => void told.push(message),
    onWritten: () => {},
  };
  const api = (approved = alerts.map(({ _id }) => _id)): WriteApi =>
    client.writer({ ...binding, approved: new Set(approved) });
  return { alerts, reads, writes, told, faults, close, api };
}

/** The counter in the answer of each way to close (docs/defender-api.md 4.1). */
const COUNTERS: Readonly<Record<string, string>> = {
  '/api/v1/alerts/close_benign/': 'closed_benign',
  '/api/v1/alerts/close_false_positive/': 'closed_false_positive',
  '/api/v1/alerts/close_true_positive/': 'closed_true_positive',
  '/api/v1/alerts/dismiss_bulk/': 'dismissed',
  '/api/v1/alerts/resolve/': 'resolved',
};
