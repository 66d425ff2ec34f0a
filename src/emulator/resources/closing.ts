import type { Handler, HandlerCall } from '../handler.ts';
import { isRecord } from '../json.ts';
import { toFilter, toList } from '../query/filter.ts';
import type { Alert } from '../records.ts';
import { notFound, notValid, ok, type Reply } from '../reply.ts';
import { alertFields, findAlert, isOpen } from './alerts.ts';

/** One of the closing calls A3-A5, or of the deprecated A8-A10 that map to them (docs/defender-api.md 4.1). */
interface ClosingCall {
  /** Key of the count in the reply. */
  reply: string;
  resolution: number;
  /** The values that `reasonId` may have; empty if the call takes none. */
  reasons: readonly number[];
}

const DISMISS: ClosingCall = { reply: 'dismissed', resolution: 3, reasons: [] };

export const closeBenign = closeMatching({ reply: 'closed_benign', resolution: 4, reasons: [2, 4, 5, 6] });
export const closeFalsePositive = closeMatching({
  reply: 'closed_false_positive',
  resolution: 3,
  reasons: [0, 1, 3, 4],
});
export const closeTruePositive = closeMatching({ reply: 'closed_true_positive', resolution: 5, reasons: [] });
export const dismissBulk = closeMatching(DISMISS);
export const resolve = closeMatching({ reply: 'resolved', resolution: 5, reasons: [] });

/** A8 of docs/defender-api.md 4.1. */
export function dismissOne(call: HandlerCall): Reply {
  const alert = findAlert(call);
  if (!alert) return notFound();
  return closeAlerts({ ...call, input: { ...call.input, filters: { id: { eq: [alert._id] } } } }, DISMISS);
}

/** A11 of docs/defender-api.md 4.1, undocumented: opens closed alerts again. */
export function reopen(call: HandlerCall): Reply {
  const chosen = choose(call, (alert) => !isOpen(alert));
  if (!Array.isArray(chosen)) return chosen;
  for (const alert of chosen) {
    Object.assign(alert, { resolutionStatusValue: 0, resolveTime: null, handledByUser: null, comment: null });
  }
  return ok({ reopened: chosen.length });
}

function closeMatching(kind: ClosingCall): Handler {
  return (call) => closeAlerts(call, kind);
}

function closeAlerts(call: HandlerCall, { reply, resolution, reasons }: ClosingCall): Reply {
  const { reasonId, comment } = call.input;
  // Unknown keys are ignored (docs/defender-api.md 2.2), so a call without reasons ignores `reasonId`.
  const isWrong = reasons.length > 0 && reasonId !== undefined && !reasons.some((reason) => reason === reasonId);
  if (isWrong) return notValid([String(reasonId)]);
  const chosen = choose(call, isOpen);
  if (!Array.isArray(chosen)) return chosen;
  for (const alert of chosen) {
    alert.resolutionStatusValue = resolution;
    alert.resolveTime = new Date(call.now).toISOString();
    alert.handledByUser = call.caller;
    alert.comment = typeof comment === 'string' ? comment : null;
  }
  const closed = new Set(chosen.map((alert) => alert._id));
  const alertsNotFound = askedIds(call).filter((id) => !closed.has(id.toLowerCase()));
  return ok({ [reply]: chosen.length, ...(alertsNotFound.length > 0 && { alertsNotFound }) });
}

// Without a filter every candidate is chosen, unless `emptyFilter` says reject (docs/defender-api.md 4.10).
function choose(call: HandlerCall, isCandidate: (alert: Alert) => boolean): Alert[] | Reply {
  const filter = toFilter(call.input.filters, alertFields(call.state), { ...call.settings, now: call.now });
  if ('invalid' in filter) return notValid(filter.invalid);
  if (filter.isEmpty && call.settings.emptyFilter === 'reject') return notValid(['filters']);
  return call.state.alerts.filter((alert) => isCandidate(alert) && filter.matches(alert));
}

function askedIds({ input }: HandlerCall): string[] {
  const id = isRecord(input.filters) ? input.filters.id : undefined;
  const asked = isRecord(id) && id.eq !== undefined ? toList(id.eq) : [];
  return [...new Set(asked.map(String))];
}
