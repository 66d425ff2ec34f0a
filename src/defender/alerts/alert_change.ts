import * as z from 'zod';
import { Fault, toFault } from '../../core/errors.ts';
import type { ReadApi, WriteApi } from '../../http/client.ts';
import type { Approved, Plan } from '../../tool/plan.ts';
import { WriteOutput } from '../../tool/write_output.ts';
import { FINDS } from '../shared/finds.ts';
import { afterFailure, readOrUndefined, refusalOf, unknownOutcome, writeOnce } from '../shared/write_once.ts';
import { headlineOf, phraseFor, toTarget } from './alert_plan.ts';
import { type CurrentState, readStates } from './current_state.ts';

const ids = (description: string) => z.array(z.string()).optional().meta({ description });

/** What became of each alert of a change that is no close. Each requested id is in exactly one of the lists. */
export const AlertChange = WriteOutput(['changed', 'partial', 'unchanged', 'unknown'], {
  changed: z.int().meta({ description: 'How many' }),
  changed_ids: ids('Changed now'),
  unchanged: ids('Were so before'),
  not_found: ids('No such alert'),
  not_changed: ids('Not changed'),
  unknown: ids('State unknown'),
});
export type AlertChange = z.output<typeof AlertChange>;

/** A change of alerts other than closing them. */
export interface ChangeOfAlerts {
  /** A verb for the phrase that a person types, such as `reopen`. */
  readonly verb: string;
  /** What will be done. @param count as in `2 of 3` @param headline what is known of all of them */
  readonly does: (count: string, headline: string) => string;
  /** Whether an alert is as the change leaves it; undefined if its record does not say. */
  readonly isDone: (state: CurrentState) => boolean | undefined;
  /** The state that is compared between plan and commit, in codes. */
  readonly stateOf: (state: CurrentState) => string;
  /** How many alerts one request may name. */
  readonly chunk: 1 | 100;
  readonly send: (api: WriteApi, ids: readonly string[]) => Promise<unknown>;
}

type Outcome = 'changed' | 'unchanged' | 'not_found' | 'not_changed' | 'unknown';
type Outcomes = Map<string, Outcome>;

/** The parts of a write tool that are the same for every change of alerts. */
export function changing(change: ChangeOfAlerts) {
  return {
    output: AlertChange,
    targets: 'alert_ids',
    plan: ({ alert_ids }: { readonly alert_ids: readonly string[] }, api: ReadApi) =>
      planChange(api, change, alert_ids),
    commit: ({ targets, current }: Approved<AlertChange>, _input: object, api: WriteApi) =>
      carryOut(
        api,
        change,
        targets.map(({ id }) => id),
        outcomesOf(current),
      ),
    after: (answer: AlertChange) => Object.fromEntries(outcomesOf(answer)),
  } as const;
}

const WHY: Partial<Record<Outcome, string>> = {
  unchanged: 'already so',
  not_found: 'not found',
  unknown: 'unreadable',
};

async function planChange(api: ReadApi, change: ChangeOfAlerts, asked: readonly string[]): Promise<Plan<AlertChange>> {
  const { byId, complete } = await readStates(api, asked);
  const outcomes: Outcomes = new Map(asked.map((id) => [id, outcomeOf(byId.get(id), complete, change)]));
  const states = asked.flatMap((id) => (outcomes.get(id) === 'not_changed' ? (byId.get(id) ?? []) : []));
  const alerts = states.map(({ alert }) => alert);
  return {
    phrase: phraseFor(change.verb, alerts),
    does: change.does(`${alerts.length} of ${asked.length}`, headlineOf(alerts)),
    targets: states.map((state) => toTarget(state.alert, change.stateOf(state))),
    leftOut: [...outcomes].flatMap(([id, outcome]) => {
      const why = WHY[outcome];
      return why === undefined ? [] : [{ id, why }];
    }),
    current: report(outcomes),
  };
}

function outcomeOf(state: CurrentState | undefined, complete: boolean, { isDone }: ChangeOfAlerts): Outcome {
  if (!state) return complete ? 'not_found' : 'unknown';
  const done = isDone(state);
  if (done === undefined) return 'unknown';
  return done ? 'unchanged' : 'not_changed';
}

/**
 * Sends the change in requests of so many alerts, each once, and reads back. After a request that failed it goes on
 * only if reading shows that it was carried out all the same.
 */
async function carryOut(
  api: WriteApi,
  change: ChangeOfAlerts,
  targets: readonly string[],
  outcomes: Outcomes,
): Promise<AlertChange> {
  let problem: Fault | undefined;
  for (let sent = 0; sent < targets.length; ) {
    const part = targets.slice(sent, sent + change.chunk);
    const doubt = await writeOnce(() => change.send(api, part)).catch((error) => {
      // Nothing was changed by this request. If none was sent before, there is nothing to read back.
      if (sent === 0) throw error;
      return toFault(error);
    });
    problem ??= doubt;
    sent += part.length;
    if (doubt && !(await areDone(api, change, part))) break;
    if (targets.length > change.chunk) api.progress(`Sent ${sent} of ${targets.length} alerts.`);
  }
  return readBack(api, change, targets, outcomes, problem);
}

async function areDone(api: ReadApi, { isDone }: ChangeOfAlerts, ids: readonly string[]): Promise<boolean> {
  const states = await readOrUndefined(() => readStates(api, ids));
  return ids.every((id) => {
    const state = states?.byId.get(id);
    return state !== undefined && isDone(state) === true;
  });
}

async function readBack(
  api: ReadApi,
  change: ChangeOfAlerts,
  targets: readonly string[],
  outcomes: Outcomes,
  problem: Fault | undefined,
): Promise<AlertChange> {
  const states = await readStates(api, targets).catch(toFault);
  if (states instanceof Fault) {
    if (problem) throw unknownOutcome(problem, states);
    for (const id of targets) outcomes.set(id, 'unknown');
    return report(outcomes, `Accepted, but reading the alerts back failed: ${states.detail}`);
  }
  for (const id of targets) {
    const outcome = outcomeOf(states.byId.get(id), states.complete, change);
    outcomes.set(id, outcome === 'unchanged' ? 'changed' : outcome);
  }
  const refused = targets.every((id) => outcomes.get(id) === 'not_changed') ? refusalOf(problem) : undefined;
  if (refused) throw refused;
  return report(
    outcomes,
    problem &&
      afterFailure(
        problem,
        targets.every((id) => outcomes.get(id) === 'changed'),
      ),
  );
}

function report(outcomes: Outcomes, warning?: string): AlertChange {
  const idsOf = (wanted: Outcome) => [...outcomes].filter(([, outcome]) => outcome === wanted).map(([id]) => id);
  const listOf = (wanted: Outcome) => {
    const found = idsOf(wanted);
    return found.length === 0 ? undefined : found;
  };
  const changed = idsOf('changed').length;
  const some = changed > 0 ? 'partial' : outcomes.size > 0 && listOf('unknown') ? 'unknown' : 'unchanged';
  return {
    status: changed > 0 && changed + idsOf('unchanged').length === outcomes.size ? 'changed' : some,
    changed,
    changed_ids: listOf('changed'),
    unchanged: listOf('unchanged'),
    not_found: listOf('not_found'),
    not_changed: listOf('not_changed'),
    unknown: listOf('unknown'),
    warning: [warning, notFoundNote(idsOf('not_found'))].filter(Boolean).join(' ') || undefined,
  };
}

/** Says which tool lists alerts, if some ids are of none. */
export function notFoundNote(ids: readonly string[]): string | undefined {
  return ids.length === 0 ? undefined : `The ids in not_found are of no alert; ${FINDS.alert}.`;
}

function outcomesOf(answer: AlertChange): Outcomes {
  const lists = [
    ['changed', answer.changed_ids],
    ['unchanged', answer.unchanged],
    ['not_found', answer.not_found],
    ['not_changed', answer.not_changed],
    ['unknown', answer.unknown],
  ] as const;
  return new Map(lists.flatMap(([outcome, members]) => (members ?? []).map((id) => [id, outcome] as const)));
}
