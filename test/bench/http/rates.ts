import { NAMES } from '../names.ts';
import { compiled, PEERS } from '../paths.ts';
import type { Bench, HttpRow } from '../report.ts';
import { readJson } from '../rpc.ts';
import { ratioOf, rotated, rounded, spreadOf } from '../stats.ts';
import { ours, plain } from '../subjects.ts';
import { nothing } from './nothing.ts';
import { type HttpServer, type StartAt, startHttp } from './server.ts';
import { measureSteady } from './steady.ts';

const SESSIONS = 500;
const IN_FLIGHT = 16;
const FULL = { rounds: 6, ms: 1_500 };
const QUICK = { rounds: 2, ms: 1_000 };
const EVERYTHING = '@modelcontextprotocol/server-everything';

interface Contender {
  readonly name: string;
  readonly version: string;
  readonly start: StartAt;
  /** Of a tool that does nothing. */
  readonly call: object;
}

/** A server with its sessions; each list has one figure for every round. */
interface Measured extends Contender {
  readonly server: HttpServer;
  readonly memory: number | undefined;
  readonly lists: number[];
  readonly calls: number[];
}

/** Measures lists and calls a second in rounds, in which servers take turns, and then our server at a steady pace. */
export async function measureHttp(bench: Bench): Promise<HttpRow[]> {
  const { rounds, ms } = bench.quick ? QUICK : FULL;
  const measured: Measured[] = [];
  try {
    for (const contender of contenders()) {
      bench.note(`http: ${SESSIONS} sessions of ${contender.name}`);
      measured.push(await begin(bench.node, contender));
    }
    for (let round = 0; round < rounds; round++) {
      bench.note(`http: round ${round + 1} of ${rounds}`);
      for (const { server, call, lists, calls } of rotated(measured, round)) {
        lists.push(await rateOf(() => server.ask('tools/list'), ms));
        calls.push(await rateOf(() => server.ask('tools/call', call), ms));
      }
    }
  } finally {
    for (const { server } of measured) await server.close();
  }
  const steady = await measureSteady(bench, SESSIONS);
  return toRows(measured).map((row) => (row.name === NAMES.ours ? { ...row, steady } : row));
}

function contenders(): Contender[] {
  const { name, version } = ours('');
  const own = { name: nothing.name, arguments: {} };
  const everything = `${PEERS}/node_modules/${EVERYTHING}/dist/index.js`;
  return [
    { name, version, call: own, start: (port) => ({ args: [compiled('http/ours_with_nothing'), String(port)] }) },
    {
      name: NAMES.usual,
      version: plain('').version,
      call: own,
      start: (port) => ({ args: [compiled('http/usual'), String(port)] }),
    },
    {
      name: EVERYTHING,
      version: readJson(`${PEERS}/package.json`).dependencies[EVERYTHING],
      call: { name: 'echo', arguments: { message: 'done' } },
      start: (port) => ({ args: [everything, 'streamableHttp'], env: { PORT: String(port) } }),
    },
  ];
}

async function begin(node: string, contender: Contender): Promise<Measured> {
  const server = await startHttp(node, contender.start, IN_FLIGHT);
  try {
    for (let n = 0; n < SESSIONS; n++) await server.open();
    const memory = server.memory();
    // What was compiled while sessions were opened is not what is measured.
    for (let n = 0; n < SESSIONS; n++) await server.ask('tools/call', contender.call);
    return { ...contender, server, memory, lists: [], calls: [] };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Answers a second with IN_FLIGHT requests at a time. */
async function rateOf(ask: () => Promise<number>, ms: number): Promise<number> {
  const began = performance.now();
  let answers = 0;
  const next = async () => {
    while (performance.now() - began < ms) {
      await ask();
      answers++;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, next));
  return answers / ((performance.now() - began) / 1000);
}

function toRows(measured: readonly Measured[]): HttpRow[] {
  const own = measured[0] ?? { lists: [], calls: [] };
  return measured.map(({ name, version, memory, lists, calls }) => ({
    name,
    version,
    lists: spreadOf(lists),
    calls: spreadOf(calls),
    ...(name !== NAMES.ours && { oursTo: { lists: ratioOf(own.lists, lists), calls: ratioOf(own.calls, calls) } }),
    ...(memory !== undefined && { memory: rounded(memory) }),
  }));
}
