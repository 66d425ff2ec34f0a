// `npm run bench`: measures, prints, and writes docs/benchmarks.*.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import process from 'node:process';
import { measureAgent } from './agent.ts';
import { measureBudget } from './budget.ts';
import { measureCalls } from './calls.ts';
import { chart } from './chart.ts';
import { measureHttp } from './http/rates.ts';
import { installPeers } from './install.ts';
import { startService } from './loopback.ts';
import { measureMemory } from './memory.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { page, summary } from './page.ts';
import { measurePaging } from './paging.ts';
import { RESULTS } from './paths.ts';
import { ALERTS, record } from './record.ts';
import type { Bench, Report, Run, Sections } from './report.ts';
import { readJson, versionOf } from './rpc.ts';
import { measureStart } from './start.ts';
import { measureAnswers, measureLists } from './tokens.ts';

const began = performance.now();
// The servers end with this process, however it ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

function note(text: string): void {
  process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
}

/** @param wants which sections, by name */
async function measure(node: string, wants: (section: string) => boolean): Promise<Sections> {
  await record(node);
  const service = await startService(ALERTS);
  const bench: Bench = { node, quick: options.quick, note };
  const take = async <Row>(name: keyof Sections, measureIt: (bench: Bench, origin: string) => Promise<Row[]>) => {
    if (!wants(name)) return undefined;
    try {
      const rows = await measureIt(bench, service.origin);
      return { [name]: { date: new Date().toISOString().slice(0, 10), quick: options.quick, rows } };
    } catch (error) {
      // The other sections go on.
      note(`${name} FAILED: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
      return undefined;
    }
  };
  const sections: Sections = {
    ...(await take('start', measureStart)),
    ...(await take('calls', measureCalls)),
    ...(await take('memory', measureMemory)),
    ...(await take('http', measureHttp)),
    ...(await take('paging', measurePaging)),
    ...(await take('budget', measureBudget)),
    ...(await take('tokens', measureLists)),
    ...(await take('answers', measureAnswers)),
    ...(await take('agent', measureAgent)),
  };
  service.stop();
  return sections;
}

/** A partial run keeps what it has not measured; a full one begins anew. */
function merged(known: readonly Run[], fresh: readonly Run[]): Run[] {
  const kept = known.filter(({ node }) => fresh.every((run) => run.node !== node));
  const renewed = fresh.map(({ node, sections }) => {
    return { node, sections: { ...known.find((run) => run.node === node)?.sections, ...sections } };
  });
  return [...kept, ...renewed].sort((a, b) => a.node.localeCompare(b.node, 'en', { numeric: true }));
}

function write(report: Report): void {
  const known: Report | undefined = existsSync(RESULTS.json) ? readJson(RESULTS.json) : undefined;
  const all = options.isFull ? report : { ...report, runs: merged(known?.runs ?? [], report.runs) };
  mkdirSync('docs', { recursive: true });
  writeFileSync(RESULTS.json, `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(RESULTS.page, page(all));
  writeFileSync(RESULTS.chart, chart(all));
  note(`written: ${Object.values(RESULTS).join(', ')}`);
}

function isStart(section: string): boolean {
  return section === 'start';
}

async function bench(): Promise<void> {
  if (!existsSync('dist/main.js')) throw new Error('dist/main.js is not there; npm run build makes it');
  if (['start', 'tokens', 'http'].some(options.wants)) installPeers(note);
  const found = new Map<string, Sections>();
  // Starts come first, because a start takes longer the more memory this process holds.
  for (const turn of [isStart, (section: string) => !isStart(section)]) {
    for (const node of options.nodes) {
      note(`Node ${versionOf(node)}`);
      const sections = await measure(node, (section) => turn(section) && options.wants(section));
      found.set(node, { ...found.get(node), ...sections });
    }
  }
  const runs: Run[] = [...found].map(([node, sections]) => ({ node: versionOf(node).replace('v', ''), sections }));
  const report: Report = {
    version: readJson('package.json').version,
    system: `${process.platform} ${process.arch}`,
    cpu: { model: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism() },
    runs,
  };
  process.stdout.write(summary(report));
  if (options.write) write(report);
}

/** Ends the process with 2 where the options cannot be understood. */
function readOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
    process.exit(2);
  }
}

const options = readOrExit();
if (options.help) process.stdout.write(HELP);
else await bench();
