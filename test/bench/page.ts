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
      'Each time runs from the start of the process to the answer to `initialize` or to `tools/list`. Memory is ' +
      'resident memory at the answer to `tools/list`; it includes processes that the server has started. The last ' +
      'column is one reading from an earlier start, a second after `tools/list`: in that second our server loads the ' +
      'code that a call needs. Servers that need an account get a dummy one.',
  },
  calls: {
    title: 'A call through the whole path',
    text:
      'The call asks `mdca_get_open_alerts` for 20 alerts. Its time runs from the line on stdin to the line on ' +
      'stdout. A service on the same machine answers at once, and the limit on calls a minute is too high to matter. ' +
      'In each round, a server gets calls one after the other, and later 64 at once. The floor makes the same ' +
      'request with undici, reads the reply and builds the same answer with our mappers. The rest of the path is ' +
      'what our server adds to the floor: SDK, checks, retry, budget, credential and log. "Bare undici" is the ' +
      'request alone: the benchmark itself sends it and parses the reply.',
  },
  memory: {
    title: 'Memory over many calls',
    text:
      'One process answers the call from the section above again and again, one call after the other. Its resident ' +
      'memory is read once at each of the counts below. Hand-written JSON-RPC makes the same request and repeats a ' +
      'prepared answer.',
  },
  http: {
    title: 'Over HTTP',
    text:
      'Each server has 500 sessions, each with a stream that it listens on. A client without an MCP library sends ' +
      'requests of all sessions in turn, 16 at a time. Our server and "Express, one McpServer a session", which is ' +
      'what the SDK shows for HTTP, list the same tools and call the same tool that does nothing, ours through the ' +
      'same checks, limits and log as every call. The public server lists its own tools and calls `echo`. In each ' +
      'round every server takes part. Memory is resident memory when all sessions are open. Then our server as it is ' +
      'shipped answers 500 sessions at a steady pace: 50 calls a second for 20 alerts, from a service on the same ' +
      'machine that answers at once, and 10 lists a second.',
  },
  paging: {
    title: 'Paging',
    text:
      'The client asks `mdca_wait_for_alerts` for 100 alerts at a time and follows the cursor to the last alert. It ' +
      'checks that each alert comes exactly once. It reads the small tenant ten times, so that both rows cover the ' +
      'same number of alerts.',
  },
  budget: {
    title: 'Budget',
    text:
      'The client makes all calls at once and waits in real time. The service counts the calls when they arrive. A ' +
      'full run of the benchmark spends two minutes on this; `--quick` leaves it out.',
  },
  tokens: {
    title: 'Tokens of tools/list',
    text:
      'The tokenizer is o200k. "Tokens" counts the whole list. Few servers declare output schemas, so the last two ' +
      'columns count only what every server declares.',
  },
  answers: {
    title: 'Tokens of our answers',
    text:
      'Our server answers the calls of one triage in the emulated tenant. The tokenizer is o200k. The first column ' +
      'counts the text of an answer, the second the whole result.',
  },
  agent: {
    title: "A triage at an agent's price",
    text:
      'No model takes part. A fixed policy asks for each alert of the demo tenant with `mdca_get_alert`, and goes on ' +
      'with further calls until what decides the alert stands in what a host shows: some show a model the text of an ' +
      'answer, some the value, some both. What decides is data of the emulator and stands in no answer of the service. ' +
      'The emulated tenant and the server run in the process of the benchmark. "Before" is before the tools of the ' +
      'groups `investigate` and `manage`, over 56 alerts with a user: 1 of 22 verdicts could not be reached in either ' +
      'form. A fact is an address, an app, a user, an id, the whole text of an activity, or a time to the minute. The ' +
      'last figure is about wrong first calls that models make, such as the id of another kind, a name in place of an ' +
      'id, or a date in words: the second call is scripted from the text of the answer alone.',
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
    BOUNDS,
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
    `These are figures of defender-cloud-apps-mcp up to ${version}, measured on ${cpu.cores} cores of ${cpu.model} ` +
    `(${system}) with Node ${nodes}. The date over a table says when. \`npm run bench\` measures everything and writes this page, its chart and the ` +
    'file behind them (benchmarks.json). Each section names a command that measures that section alone and prints it.'
  );
}

const HOW =
  'Each server is a process of its own with a clean environment. A small client without an MCP library talks to it ' +
  'over stdio. Start and calls are measured in rounds: every server takes part in each round, and the order changes. ' +
  'A **floor** is the least program that gives the same answers. **Hand-written JSON-RPC** is the floor of a start: ' +
  'it lists the same tools from a prepared text. **Hand-written JSON-RPC around our mappers** is the floor of a ' +
  "call: it makes its answer from the service's reply. **Plain McpServer** is what people usually write: it " +
  'registers the same tools and schemas with the MCP SDK, uses global fetch and is not bundled. The other servers ' +
  'are public; npm installs an exact version of each. A figure is a median, and the brackets hold the quartiles. A ' +
  'ratio is computed in each round, because the speed of the machine changes between rounds; the tables show the ' +
  'median of these ratios.';

const BOUNDS =
  'Each row is a bound on our server, defender-cloud-apps-mcp. The median decides whether it holds; the brackets ' +
  'hold the quartiles.';

const CAVEATS = [
  'On a shared machine, absolute times change by a quarter within minutes. Judge by the ratios.',
  'The floors do less than our server: they have no retry, budget, checks or log.',
  'Plain McpServer runs our own tools, so it maps and cleans replies too. It has no retry, budget, timeout or log.',
  'Client, server and service share the cores. Calls a second therefore measure all three together.',
  'Public servers do other work than ours and have other tools. Their rows show what is common, not who is better.',
  'Processes can share pages of memory. Such a page counts in full for each of them.',
]
  .map((caveat) => `- ${caveat}`)
  .join('\n');

function quickness({ runs }: Report): string {
  const all = runs.flatMap(({ sections }) => Object.entries(sections));
  const quick = [...new Set(all.filter(([, { quick }]) => quick).map(([name]) => name))];
  return quick.length === 0
    ? ''
    : `**These sections were measured with few repetitions (\`--quick\`) and are only a sketch: ${quick.join(', ')}.**`;
}

function chapter({ runs }: Report, name: keyof Sections): string[] {
  const { title, text } = CHAPTERS[name];
  const chart = name === 'start' ? ['![Start and memory of each server, as a chart](benchmarks.svg)'] : [];
  return [`## ${title}`, text, command(name), ...chart, ...figures(runs, name)];
}

/** A table for each runtime; runtimes with the same table share one. */
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
