import type { ReadApi } from '../http/api.ts';
import type { Alert } from '../model/alert.ts';
import type { ClosedAlerts } from '../model/closing.ts';
import type { LeftOut, Plan, Target } from '../plan.ts';
import { report } from './close_report.ts';
import { type Fate, fateOf } from './fates.ts';
import { readStates, type State } from './states.ts';
import type { Verdict } from './verdicts.ts';

export interface CloseRequest {
  /** Lower case, each once, at least one. */
  readonly alert_ids: readonly string[];
  readonly comment?: string | undefined;
  readonly reason?: string | undefined;
}

/** What a close would do to each alert, from one read for 100. @throws Fault */
export async function planClose(
  api: ReadApi,
  verdict: Verdict,
  { alert_ids, comment, reason }: CloseRequest,
): Promise<Plan<ClosedAlerts>> {
  const { byId, complete } = await readStates(api, alert_ids);
  const fates = new Map<string, Fate>(alert_ids.map((id) => [id, fateOf(byId.get(id), complete)]));
  const targets = alert_ids.flatMap((id) => {
    const state = byId.get(id);
    return state && fates.get(id) === 'not_closed' ? [toTarget(id, state)] : [];
  });
  const because = reason ? ` (reason ${reason})` : '';
  return {
    phrase: `close ${targets.length}`,
    does:
      `Close ${targets.length} of ${alert_ids.length} alerts ${verdict.as}${because}. ` +
      'They leave the open list, and this connector cannot reopen them.',
    targets,
    leftOut: alert_ids.flatMap((id) => toLeftOut(id, fates.get(id), byId.get(id))),
    said: { 'comment of the agent': comment },
    standing: report(fates, { fates }),
  };
}

function toTarget(id: string, { alert }: State): Target {
  return {
    id,
    state: `${alert.status ?? 'unknown'} ${alert.severity ?? 'unknown'}`,
    facts: alert.created && `raised ${alert.created.slice(0, 16)}Z, ${ageOf(alert.created)} ago`,
    said: { user: usersOf(alert), title: alert.title },
  };
}

function usersOf({ users: [first, ...others] }: Alert): string | undefined {
  return first && `${first.name ?? first.id}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}

const WHY = {
  already_closed: 'already closed',
  not_found: 'not found',
  unknown: 'unreadable',
} as const;

function toLeftOut(id: string, fate: Fate | undefined, state: State | undefined): LeftOut[] {
  if (fate !== 'already_closed' && fate !== 'not_found' && fate !== 'unknown') return [];
  const as = fate === 'already_closed' && state?.alert.status ? ` (${state.alert.status})` : '';
  return [{ id, why: `${WHY[fate]}${as}` }];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** In the largest unit of which there are two. @param created ISO-8601 */
function ageOf(created: string): string {
  const age = Math.max(0, Date.now() - Date.parse(created));
  if (age >= 2 * DAY) return `${Math.floor(age / DAY)} days`;
  if (age >= 2 * HOUR) return `${Math.floor(age / HOUR)} hours`;
  return `${Math.floor(age / MINUTE)} minutes`;
}
