import { figure, spread, spreadIfAny, table } from './format.ts';
import { NAMES } from './names.ts';
import type { CallRow, HttpRow, Run, Sections } from './report.ts';

/** A server that could not be measured fills one row with the reason. */
function failure(name: string, version: string, failed: string, columns: number): string[] {
  const blanks: string[] = new Array(columns - 3).fill('');
  return [name, version, `not measured: ${failed}`, ...blanks];
}

const START = [
  'server',
  'version',
  'tools',
  'initialize, ms',
  'tools/list, ms',
  '× floor',
  'MB',
  '× floor',
  'MB 1 s later',
];
const CALLS = [
  'path',
  'p50, ms',
  'over bare undici, ms',
  '× floor',
  'p99, ms',
  '× floor',
  'calls a second, 64 in flight',
  '× floor',
];
const AGENT = ['figure', 'before: text', 'value', 'both', 'now: text', 'value', 'both', 'bound'];
const TOKENS = ['server', 'version', 'tools', 'tokens', 'per tool', 'name, description, input schema', 'per tool'];

/** One table for each measurement of a run; undefined where it was not made. */
export const TABLES: { readonly [Name in keyof Sections]-?: (run: Run) => string | undefined } = {
  start: ({ sections: { start } }) =>
    start &&
    table(
      2,
      START,
      start.rows.map((row) => {
        if ('failed' in row) return failure(row.name, row.version, row.failed, START.length);
        const { name, version, tools, initialize, list, ratio, memory, memoryRatio, memoryLater } = row;
        const later = memoryLater === undefined ? 'not measured' : figure(memoryLater);
        const times = [initialize ? spread(initialize) : '–', spread(list), spread(ratio)];
        return [name, version, String(tools), ...times, spreadIfAny(memory), spreadIfAny(memoryRatio), later];
      }),
    ),
  calls: ({ sections: { calls } }) => calls && callTable(calls.rows),
  memory: ({ sections: { memory } }) =>
    memory &&
    table(
      1,
      ['server', ...(memory.rows[0]?.marks.map(({ calls }) => `MB after ${figure(calls)} calls`) ?? [])],
      memory.rows.map(({ name, marks }) => [name, ...marks.map(({ memory }) => figure(memory))]),
    ),
  http: ({ sections: { http } }) => http && httpTables(http.rows),
  paging: ({ sections: { paging } }) =>
    paging &&
    table(
      1,
      ['alerts of the tenant', 'µs per alert', '× small tenant'],
      paging.rows.map(({ alerts, perAlert, ratio }) => [figure(alerts), spread(perAlert), spread(ratio)]),
    ),
  budget: ({ sections: { budget } }) =>
    budget &&
    table(
      1,
      [
        'limit, calls a minute',
        'calls made',
        'most in any 60 s',
        'took, s',
        'a perfect limiter takes, s',
        'limit used',
      ],
      budget.rows.map(({ limit, calls, fullest, taken, ideal }) => [
        ...[limit, calls, fullest, taken, ideal].map(figure),
        `${figure((100 * ideal) / taken)} %`,
      ]),
    ),
  tokens: ({ sections: { tokens } }) =>
    tokens &&
    table(
      2,
      TOKENS,
      tokens.rows.map((row) => {
        if ('failed' in row) return failure(row.name, row.version, row.failed, TOKENS.length);
        const costs = [row.tokens, row.tokens / row.tools, row.shown, row.shown / row.tools];
        return [
          row.name,
          row.version,
          String(row.tools),
          ...costs.map((cost) => Math.round(cost).toLocaleString('en-US')),
        ];
      }),
    ),
  answers: ({ sections: { answers } }) =>
    answers &&
    table(
      1,
      ['answer', 'tokens of the text', 'tokens of the whole result'],
      answers.rows.map(({ name, text, whole }) => [name, ...[text, whole].map((cost) => cost.toLocaleString('en-US'))]),
    ),
  agent: ({ sections: { agent } }) =>
    agent &&
    table(
      1,
      AGENT,
      agent.rows.map(({ what, before, now, bound }) => [what, ...[...before, ...now].map(countOrDash), bound]),
    ),
};

function countOrDash(count: number | null): string {
  return count === null ? '–' : count.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

/** The column "over bare undici" is the difference of the medians. */
function callTable(rows: readonly CallRow[]): string {
  const bare = rows.find(({ name }) => name === NAMES.bare)?.p50.median ?? Number.NaN;
  return table(
    1,
    CALLS,
    rows.map(({ name, p50, p99, perSecond, toReader }) => [
      name,
      spread(p50),
      name === NAMES.bare ? '' : figure(p50.median - bare),
      ...[toReader.p50, p99, toReader.p99].map(spread),
      ...[perSecond, toReader.perSecond].map(spreadIfAny),
    ]),
  );
}

const HTTP = ['server', 'version', 'MB', '`tools/list` a second', 'ours, × this', 'calls a second', 'ours, × this'];
const STEADY = ['sessions', 'seconds', 'calls', 'errors', 'call, p99, ms', '`tools/list`, p99, ms', 'MB', 'MB, later'];

function httpTables(rows: readonly HttpRow[]): string {
  const rates = table(
    2,
    HTTP,
    rows.map(({ name, version, memory, lists, calls, oursTo }) => [
      name,
      version,
      memory === undefined ? 'not measured' : figure(memory),
      spread(lists),
      oursTo ? spread(oursTo.lists) : '',
      spread(calls),
      oursTo ? spread(oursTo.calls) : '',
    ]),
  );
  const steady = rows.flatMap(({ steady: found }) => found ?? []);
  const paced = steady.map(({ sessions, seconds, calls, errors, callP99, listP99, warm, late }) => [
    ...[sessions, seconds, calls].map(figure),
    String(errors),
    ...[callP99, listP99].map(figure),
    ...[warm, late].map((memory) => (memory === undefined ? 'not measured' : figure(memory))),
  ]);
  return paced.length === 0 ? rates : `${rates}\n\n${table(0, STEADY, paced)}`;
}
