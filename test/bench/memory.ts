import { type Caller, withCallers } from './group.ts';
import { memoryOf } from './memory_of.ts';
import type { Bench, MemoryRow } from './report.ts';
import { rounded } from './stats.ts';
import { floor, ours } from './subjects.ts';

const BLOCK = 1_000;
const IN_FLIGHT = 64;
const MANY = 100_000;
const QUICK_MANY = 10_000;

/** Memory after a thousand calls and after many more, once each: it takes its time. */
export async function measureMemory(bench: Bench): Promise<MemoryRow[]> {
  const many = bench.quick ? QUICK_MANY : MANY;
  return withCallers(bench, [floor, ours], async (callers) => {
    const rows: MemoryRow[] = [];
    for (const caller of callers) {
      bench.note(`memory: ${many} calls of ${caller.name}`);
      rows.push(...(await grow(caller, many)));
    }
    return rows;
  });
}

/** In blocks, so that this process holds no more than one block's answers. No row where memory cannot be told. */
async function grow({ name, calls, session }: Caller, many: number): Promise<MemoryRow[]> {
  await calls(BLOCK, IN_FLIGHT);
  const few = memoryOf(session.running.pid);
  for (let made = BLOCK; made < many; made += BLOCK) await calls(BLOCK, IN_FLIGHT);
  const after = memoryOf(session.running.pid);
  if (few === undefined || after === undefined) return [];
  return [{ name, few: BLOCK, many, afterFew: rounded(few), afterMany: rounded(after), growth: rounded(after / few) }];
}
