import { openBare } from './bare.ts';
import { type Caller, withCallers } from './group.ts';
import { NAMES } from './names.ts';
import type { Bench, CallRatios, CallRow } from './report.ts';
import { quantile, ratioOf, rotated, spreadOf } from './stats.ts';
import { ours, plain, reader } from './subjects.ts';

const IN_FLIGHT = 64;
/** A block has `calls`, made one after the other, and a `crowd`, made with IN_FLIGHT at once. */
const FULL = { blocks: 12, warmUp: 400, calls: 200, crowd: 640 };
const QUICK = { blocks: 2, warmUp: 100, calls: 100, crowd: 320 };

/** Each list has one figure for every block. */
interface Blocks {
  readonly p50: number[];
  readonly p99: number[];
  readonly perSecond: number[];
}

/** Measures calls through the whole path, one after the other and many at once, in blocks that take turns. */
export function measureCalls(bench: Bench): Promise<CallRow[]> {
  const { blocks, warmUp, calls, crowd } = bench.quick ? QUICK : FULL;
  return withCallers(bench, [reader, ours, plain], async (callers, origin) => {
    const results = new Map<string, Blocks>();
    const of = (name: string) => {
      const known = results.get(name) ?? { p50: [], p99: [], perSecond: [] };
      results.set(name, known);
      return known;
    };
    const bare = openBare(origin);
    const series = [
      { name: NAMES.bare, latencies: (count: number) => bare.requests(count) },
      ...callers.map((caller) => ({
        name: caller.name,
        latencies: async (count: number) => (await caller.calls(count)).latencies,
      })),
    ];
    for (const { latencies } of series) await latencies(warmUp);
    for (let block = 0; block < blocks; block++) {
      bench.note(`calls: block ${block + 1} of ${blocks}`);
      for (const { name, latencies } of rotated(series, block)) {
        const taken = await latencies(calls);
        of(name).p50.push(quantile(taken, 0.5));
        of(name).p99.push(quantile(taken, 0.99));
      }
      for (const caller of rotated(callers, block)) of(caller.name).perSecond.push(await rateOf(caller, crowd));
    }
    await bare.close();
    return toRows(results, of(NAMES.reader));
  });
}

/** Calls a second with many in flight. */
async function rateOf({ calls }: Caller, count: number): Promise<number> {
  const { took } = await calls(count, IN_FLIGHT);
  return count / (took / 1000);
}

function toRows(results: ReadonlyMap<string, Blocks>, reader: Blocks): CallRow[] {
  return [...results].map(([name, blocks]) => ({
    name,
    p50: spreadOf(blocks.p50),
    p99: spreadOf(blocks.p99),
    ...(blocks.perSecond.length > 0 && { perSecond: spreadOf(blocks.perSecond) }),
    toReader: ratiosOf(blocks, reader),
  }));
}

function ratiosOf({ p50, p99, perSecond }: Blocks, base: Blocks): CallRatios {
  return {
    p50: ratioOf(p50, base.p50),
    p99: ratioOf(p99, base.p99),
    ...(perSecond.length > 0 && { perSecond: ratioOf(perSecond, base.perSecond) }),
  };
}
