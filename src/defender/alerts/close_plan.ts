import type { ReadApi } from '../../http/client.ts';
import type { LeftOut, Plan, Target } from '../../tool/plan.ts';
import type { Alert } from './alert.ts';
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
  const targets = alert_ids.flatMap((id) => {
    const state = byId.get(id);
    return state && outcomes.get(id) === 'not_closed' ? [toTarget(id, state)] : [];
  });
  const reasonText = reason ? ` (reason ${reason})` : '';
  return {
    phrase: `close ${targets.length}`,
    does:
      `Close ${targets.length} of ${alert_ids.length} alerts ${verdict.as}${reasonText}. ` +
      'They leave the open list; mdca_reopen_alert can open them again.',
    targets,
    leftOut: alert_ids.flatMap((id) => toLeftOut(id, outcomes.get(id), byId.get(id))),
    untrusted: { 'comment of the agent': comment },
    current: report(outcomes, { outcomes }),
  };
}

function toTarget(id: string, { alert }: CurrentState): Target {
  return {
    id,
    state: `${alert.status ?? 'unknown'} ${alert.severity ?? 'unknown'}`,
    facts: alert.created && `raised ${alert.created.slice(0, 16)}Z, ${ageOf(alert.created)} ago`,
    untrusted: { user: usersOf(alert), title: alert.title },
  };
}

function usersOf({ users: [first, ...others], more_users = 0 }: Alert): string | undefined {
  const more = others.length + more_users;
  return first && `${first.name ?? first.id}${more > 0 ? ` and ${more} more` : ''}`;
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

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** In days or hours if at least two have passed, else in minutes. @param created ISO-8601 */
function ageOf(created: string): string {
  const age = Math.max(0, Date.now() - Date.parse(created));
  if (age >= 2 * DAY) return `${Math.floor(age / DAY)} days`;
  if (age >= 2 * HOUR) return `${Math.floor(age / HOUR)} hours`;
  return `${Math.floor(age / MINUTE)} minutes`;
}
