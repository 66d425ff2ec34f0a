import { setTimeout as delay } from 'node:timers/promises';
import { memoryOf } from './memory_of.ts';
import { NAMES } from './names.ts';
import type { Bench, Started, StartRow } from './report.ts';
import { type Opened, openModern, openSession } from './session.ts';
import { ratioOf, rotated, rounded, spreadOf } from './stats.ts';
import { floor, modern, oneTool, ours, peers, plain, type Subject } from './subjects.ts';

const ROUNDS = 15;
const QUICK_ROUNDS = 2;
const LATER_MS = 1_000;
/** How long clients wait before they kill a server, ms. */
const LEAVE_MS = 2_000;

interface Start {
  readonly tools: number;
  /** Absent in a revision that has none. */
  readonly initialize: number | undefined;
  readonly list: number;
  readonly memory: number | undefined;
}

type StartedSession = Pick<Opened, 'running' | 'tools' | 'listedAfter'> & Partial<Pick<Opened, 'initializedAfter'>>;

interface Contender {
  readonly subject: Subject;
  readonly starts: Start[];
  memoryLater?: number | undefined;
  /** Why it takes no further part. */
  failed?: string;
}

/** Starts every server once in each round; one that cannot be started gets a row that says why. */
export async function measureStart({ node, quick, note }: Bench, origin: string): Promise<StartRow[]> {
  const subjects = [floor(origin), ours(origin), modern(origin), oneTool(origin), plain(origin), ...peers()];
  const contenders: Contender[] = subjects.map((subject) => ({ subject, starts: [] }));
  for (const contender of contenders) {
    note(`start: trying ${contender.subject.name}`);
    await attempt(contender, () => warmUp(node, contender));
  }
  const rounds = quick ? QUICK_ROUNDS : ROUNDS;
  for (let round = 0; round < rounds; round++) {
    note(`start: round ${round + 1} of ${rounds}`);
    for (const contender of rotated(contenders, round)) {
      if (contender.failed === undefined) await attempt(contender, () => startOnce(node, contender));
    }
  }
  return [...toRows(contenders.filter(({ failed }) => failed === undefined)), ...contenders.flatMap(toFailed)];
}

async function attempt(contender: Contender, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    contender.failed = error instanceof Error ? error.message : String(error);
  }
}

function opened(node: string, subject: Subject): Promise<StartedSession> {
  return subject.isModern ? openModern(node, subject) : openSession(node, subject);
}

/** A start that is not counted: it fills caches of disk and server, and reads the memory after LATER_MS. */
async function warmUp(node: string, contender: Contender): Promise<void> {
  const { running } = await opened(node, contender.subject);
  await delay(LATER_MS);
  contender.memoryLater = memoryOf(running.pid);
  await running.stop(LEAVE_MS);
}

async function startOnce(node: string, { subject, starts }: Contender): Promise<void> {
  const { running, tools, initializedAfter, listedAfter } = await opened(node, subject);
  const memory = memoryOf(running.pid);
  await running.stop();
  starts.push({ tools: tools.length, initialize: initializedAfter, list: listedAfter, memory });
}

function toFailed({ subject: { name, version }, failed }: Contender): StartRow[] {
  return failed === undefined ? [] : [{ name, version, failed }];
}

function toRows(contenders: readonly Contender[]): Started[] {
  const of = (name: string) => contenders.find(({ subject }) => subject.name === name)?.starts ?? [];
  const listed = (starts: readonly Start[]) => starts.map(({ list }) => list);
  const initializations = (starts: readonly Start[]) => starts.flatMap(({ initialize }) => initialize ?? []);
  const memories = (starts: readonly Start[]) => starts.flatMap(({ memory }) => memory ?? []);
  const [base, one] = [of(NAMES.floor), of(NAMES.one)];
  const rows = contenders.map(({ subject: { name, version }, starts, memoryLater }) => ({
    name,
    version,
    tools: starts[0]?.tools ?? 0,
    ...(initializations(starts).length > 0 && { initialize: spreadOf(initializations(starts)) }),
    list: spreadOf(listed(starts)),
    ratio: ratioOf(listed(starts), listed(base)),
    ...(name === NAMES.ours && { toOneTool: ratioOf(listed(starts), listed(one)) }),
    ...(memories(starts).length > 0 && {
      memory: spreadOf(memories(starts)),
      memoryRatio: ratioOf(memories(starts), memories(base)),
    }),
    ...(memoryLater !== undefined && { memoryLater: rounded(memoryLater) }),
  }));
  return rows.sort((a, b) => a.ratio.median - b.ratio.median);
}
