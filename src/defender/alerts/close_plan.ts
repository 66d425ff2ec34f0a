import type { ReadApi } from '../../http/client.ts';
import type { LeftOut, Plan } from '../../tool/plan.ts';
import { headlineOf, phraseFor, toTarget } from './alert_plan.ts';
import { report } from './close_report.ts';
import type { ClosedAlerts } from './closed_alerts.ts';
import { type CurrentState, readStates } from './current_state.ts';
import { type Outcome, outcomeOf } from './outcomes.ts';
import type { CloseVerdict } from './verdicts.ts';

export interface CloseRequest {
  /** Lower case, each once, at least one. */
  readonly alert_ids: readonly string[];
  readonly comment?: string | undefined;
  readonly reason?: string | undefined;
}

/** Plans what a close would do to each alert; reads 100 alerts a call. @throws Fault */
export async function planClose(
  api: ReadApi,
  verdict: CloseVerdict,
  { alert_ids, comment, reason }: CloseRequest,
): Promise<Plan<ClosedAlerts>> {
  const { byId, complete } = await readStates(api, alert_ids);
  const outcomes = new Map<string, Outcome>(alert_ids.map((id) => [id, outcomeOf(byId.get(id), complete)]));
  const alerts = alert_ids.flatMap((id) => (outcomes.get(id) === 'not_closed' ? (byId.get(id)?.alert ?? []) : []));
  const reasonText = reason ? ` (reason ${reason})` : '';
  return {
    phrase: phraseFor('close', alerts),
    does:
      `Close ${alerts.length} of ${alert_ids.length} alerts ${verdict.as}${reasonText}: ${headlineOf(alerts)}.\n` +
      'They leave the open list; mdca_reopen_alert can open them again.',
    targets: alerts.map((alert) => toTarget(alert, `${alert.status ?? 'unknown'} ${alert.severity ?? 'unknown'}`)),
    leftOut: alert_ids.flatMap((id) => toLeftOut(id, outcomes.get(id), byId.get(id))),
    untrusted: { 'comment of the agent': comment },
    current: report(outcomes, { outcomes }),
  };
}

const WHY = {
  already_closed: 'already closed',
  not_found: 'not found',
  unknown: 'unreadable',
} as const;

function toLeftOut(id: string, outcome: Outcome | undefined, state: CurrentState | undefined): LeftOut[] {
  if (outcome !== 'already_closed' && outcome !== 'not_found' && outcome !== 'unknown') return [];
  const as = outcome === 'already_closed' && state?.alert.status ? ` (${state.alert.status})` : '';
  return [{ id, why: `${WHY[outcome]}${as}` }];
}
