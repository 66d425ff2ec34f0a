import { command, figure, spread, table } from './format.ts';
import { NAMES } from './names.ts';
import type { Report, Run, Section, Sections } from './report.ts';
import type { Spread } from './stats.ts';

/** A bound, and the figure that it is for. */
interface Promised {
  readonly what: string;
  readonly section: keyof Sections;
  readonly most?: number;
  readonly least?: number;
  /** Undefined where it was not measured, or has no bound. */
  readonly of: (run: Run) => Spread | undefined;
}

function named<Row extends { readonly name: string }>(section: Section<Row> | undefined, name: string) {
  return section?.rows.find((row) => row.name === name);
}

const started = ({ sections }: Run, name: string) => {
  const row = named(sections.start, name);
  return row && 'list' in row ? row : undefined;
};
const called = ({ sections }: Run) => named(sections.calls, NAMES.ours)?.toReader;

function grown({ sections }: Run, since: number): number | undefined {
  const marks = named(sections.memory, NAMES.ours)?.marks ?? [];
  const memoryAfter = (calls: number) => marks.find((mark) => mark.calls === calls)?.memory;
  const [few, many] = [memoryAfter(since), memoryAfter(100_000)];
  return ratio(many, few);
}

const steady = ({ sections }: Run) => named(sections.http, NAMES.ours)?.steady;

/** To that one of the others to which our server stands worst. */
function leastOf({ sections }: Run, figure: 'lists' | 'calls'): Spread | undefined {
  const ratios = (sections.http?.rows ?? []).flatMap(({ oursTo }) => oursTo?.[figure] ?? []);
  return ratios.sort((a, b) => a.median - b.median)[0];
}

function ratio(value: number | undefined, base: number | undefined): number | undefined {
  return value === undefined || base === undefined ? undefined : value / base;
}

/** The spread of a figure that was measured once. */
function once(value: number | undefined): Spread | undefined {
  return value === undefined ? undefined : { median: value, low: value, high: value };
}

const PROMISES: readonly Promised[] = [
  {
    what: 'start to `tools/list`, × floor',
    section: 'start',
    most: 2.2,
    of: (run) => started(run, NAMES.ours)?.ratio,
  },
  {
    what: 'start to `tools/list` of revision 2026-07-28, × floor',
    section: 'start',
    most: 2.2,
    of: (run) => started(run, NAMES.modern)?.ratio,
  },
  {
    what: 'start to `tools/list`, × our server with one tool',
    section: 'start',
    most: 1.1,
    of: (run) => started(run, NAMES.ours)?.toOneTool,
  },
  {
    what: 'memory after `tools/list` on Node 20, MB',
    section: 'start',
    most: 60,
    of: (run) => (run.node.startsWith('20.') ? started(run, NAMES.ours)?.memory : undefined),
  },
  {
    what: 'memory after `tools/list`, × floor',
    section: 'start',
    most: 1.35,
    of: (run) => started(run, NAMES.ours)?.memoryRatio,
  },
  { what: 'a call for 20 alerts, p50, × floor', section: 'calls', most: 1.6, of: (run) => called(run)?.p50 },
  { what: 'a call for 20 alerts, p99, × floor', section: 'calls', most: 2, of: (run) => called(run)?.p99 },
  {
    what: 'calls a second, 64 in flight, × floor',
    section: 'calls',
    least: 0.6,
    of: (run) => called(run)?.perSecond,
  },
  {
    what: 'time per alert, tenant of 10,000, × tenant of 1,000',
    section: 'paging',
    most: 1.15,
    of: ({ sections }) => sections.paging?.rows.at(-1)?.ratio,
  },
  {
    what: 'memory after 100,000 calls, × after 1,000',
    section: 'memory',
    most: 1.1,
    of: (run) => once(grown(run, 1_000)),
  },
  {
    what: 'memory after 100,000 calls, × after 10,000',
    section: 'memory',
    most: 1.1,
    of: (run) => once(grown(run, 10_000)),
  },
  {
    what: '`tools/list` a second over HTTP, × the faster of two others',
    section: 'http',
    least: 3,
    of: (run) => leastOf(run, 'lists'),
  },
  {
    what: 'calls a second over HTTP of a tool that does nothing, × the faster of two others',
    section: 'http',
    least: 1,
    of: (run) => leastOf(run, 'calls'),
  },
  {
    what: 'memory with 500 sessions over HTTP, MB',
    section: 'http',
    most: 200,
    of: (run) => once(named(run.sections.http, NAMES.ours)?.memory),
  },
  {
    what: '500 sessions, 50 calls a second: p99 of `tools/list`, ms',
    section: 'http',
    most: 100,
    of: (run) => once(steady(run)?.listP99),
  },
  {
    what: '500 sessions, 50 calls a second: errors',
    section: 'http',
    most: 0,
    of: (run) => once(steady(run)?.errors),
  },
  {
    what: '500 sessions, 50 calls a second: memory after 60 s, × after 20 s',
    section: 'http',
    most: 1.1,
    of: (run) => once(ratio(steady(run)?.late, steady(run)?.warm)),
  },
  {
    what: 'most calls in any 60 s, at a limit of 100 a minute',
    section: 'budget',
    most: 100,
    of: ({ sections }) => once(sections.budget?.rows[0]?.fullest),
  },
];

/** Whether the median keeps the bound. */
function verdict({ of, most, least }: Promised, run: Run): string {
  const found = of(run);
  if (!found) return '–';
  const holds = found.median <= (most ?? Number.POSITIVE_INFINITY) && found.median >= (least ?? 0);
  const shown = found.low === found.high ? figure(found.median) : spread(found);
  return `${shown}: ${holds ? 'yes' : '**no**'}`;
}

/** @param measured leaves out what was not measured at all */
export function promises({ runs }: Report, measured = false): string {
  const shown = PROMISES.filter(({ of }) => !measured || runs.some(of));
  return table(
    2,
    ['figure', 'command', 'bound', ...runs.map(({ node }) => `Node ${node}`)],
    shown.map((promised) => [
      promised.what,
      command(promised.section),
      promised.most === undefined ? `≥ ${promised.least}` : `≤ ${promised.most}`,
      ...runs.map((run) => verdict(promised, run)),
    ]),
  );
}
