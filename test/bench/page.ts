import { command } from './format.ts';
import { SECTIONS } from './options.ts';
import { promises } from './promises.ts';
import type { Report, Run, Sections } from './report.ts';
import { TABLES } from './tables.ts';

interface Chapter {
  readonly title: string;
  /** What was done, and how to read it. */
  readonly text: string;
}

const CHAPTERS: { readonly [Name in keyof Sections]-?: Chapter } = {
  start: {
    title: 'Start',
    text:
      'From the start of the process to the answers to `initialize` and to `tools/list`, and the memory that is resident ' +
      'then, with that of processes which the server has started. The last column is one reading a second later: ours ' +
      'loads what a call needs in between. Servers that want an account got a dummy one.',
  },
  calls: {
    title: 'A call through the whole path',
    text:
      '`mdca_get_open_alerts` for 20 alerts, from the line on stdin to the line on stdout, against a loopback service ' +
      'that answers at once; the budget is lifted. One after the other in blocks that take turns, then 64 in flight. ' +
      'Two floors make the same request with bare undici and return the same bytes: one repeats what ours said once and ' +
      'does not look at the reply, which no server can; the other makes it of the reply, by our mappers, so that what is ' +
      'left between it and ours is the path: SDK, checks, retry, budget, credential and log. "Bare undici" is the ' +
      'request in the benchmark itself, parsed.',
  },
  memory: {
    title: 'Memory over many calls',
    text: 'Resident memory of one process after so many calls, one after the other.',
  },
  paging: {
    title: 'Paging',
    text:
      'All alerts of a tenant by the cursor of `mdca_wait_for_alerts`, 100 in a call; each must come once. The small ' +
      'tenant is read as often as makes as many alerts.',
  },
  budget: {
    title: 'Budget',
    text:
      'Calls queued at once, in real time, counted where the service counts: as they arrive. A full run takes two ' +
      'minutes for it; a quick one leaves it out.',
  },
  tokens: {
    title: 'Tokens of tools/list',
    text:
      'In o200k. "Tokens" is the whole list, with the output schemas that few servers declare; the columns behind it ' +
      'count what all of them have.',
  },
  answers: {
    title: 'Tokens of our answers',
    text: 'With default arguments against the emulated tenant, in o200k: its text, and the result with all that it holds.',
  },
};

/** docs/benchmarks.md, from what was measured and nothing else. */
export function page(report: Report): string {
  return [
    '# Benchmarks',
    made(report),
    HOW,
    quickness(report),
    '## What it must hold',
    'By the medians; the quartiles stand behind them.',
    promises(report),
    ...SECTIONS.flatMap((name) => chapter(report, name)),
    '## Read with care',
    CAVEATS,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function made({ version, system, cpu, runs }: Report): string {
  const nodes = runs.map(({ node }) => node).join(' and ');
  return (
    `defender-cloud-apps-mcp ${version} on ${cpu.cores} cores of ${cpu.model}, ${system}, Node ${nodes}. ` +
    'This page, its chart and the file behind them (benchmarks.json) are made by `npm run bench`; the command beside a ' +
    'figure makes that figure alone, and prints it.'
  );
}

const HOW =
  'Each server is a process of its own, with a clean environment, met over stdio by a client that only cuts lines. ' +
  'Everybody takes part in every round, in an order that rotates. **Hand-written JSON-RPC** is the floor: the same ' +
  'tools and answers as prepared texts. **Plain McpServer** is what people write: the same tools and schemas, ' +
  'registered with the SDK, with global fetch, not bundled. The others are public servers, installed by exact version ' +
  'from npm. A figure is a median, with the quartiles in brackets; a ratio is made in each round, to the floor of ' +
  'that round.';

const CAVEATS = [
  'Absolute times drift by a quarter between minutes on a shared machine. Judge by the ratios.',
  'The floors do less than ours: they have no retry, budget, check or log; the one that repeats neither reads nor cleans what attackers write.',
  'Plain McpServer runs our own tools, so it maps and cleans as ours does; it has no retry, budget, timeout or log.',
  'Client, server and service share the cores, so calls a second are those of all three together.',
  'Public servers do other work than ours and have other tools. Their rows tell what people are used to, not who is better.',
  'Memory counts pages that processes share in each of them.',
]
  .map((caveat) => `- ${caveat}`)
  .join('\n');

function quickness({ runs }: Report): string {
  const all = runs.flatMap(({ sections }) => Object.entries(sections));
  const quick = [...new Set(all.filter(([, { quick }]) => quick).map(([name]) => name))];
  return quick.length === 0
    ? ''
    : `**Measured with few repetitions (\`--quick\`), so take it as a sketch: ${quick.join(', ')}.**`;
}

function chapter({ runs }: Report, name: keyof Sections): string[] {
  const { title, text } = CHAPTERS[name];
  const chart = name === 'start' ? ['![Start and memory of each server, as a chart](benchmarks.svg)'] : [];
  return [`## ${title}`, text, command(name), ...chart, ...figures(runs, name)];
}

/** A table for each runtime, and one for those that found the same. */
function figures(runs: readonly Run[], name: keyof Sections): string[] {
  const found = new Map<string, string[]>();
  for (const run of runs) {
    const made = run.sections[name]?.date;
    const text = TABLES[name](run) ?? 'Not measured in this run.';
    found.set(text, [...(found.get(text) ?? []), made ? `Node ${run.node}, ${made}` : `Node ${run.node}`]);
  }
  return [...found].flatMap(([text, heads]) => [`${heads.join('; ')}:`, text]);
}

/** The tables of what was measured, for a terminal. */
export function summary(report: Report): string {
  const chapters = SECTIONS.flatMap((name) => {
    const runs = report.runs.filter(({ sections }) => sections[name]);
    return runs.length === 0 ? [] : [`## ${CHAPTERS[name].title}`, ...figures(runs, name)];
  });
  return [promises(report, true), ...chapters].join('\n\n').concat('\n');
}
