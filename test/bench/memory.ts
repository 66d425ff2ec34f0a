import { type Caller, withCallers } from './group.ts';
import { memoryOf } from './memory_of.ts';
import type { Bench, MemoryRow } from './report.ts';
import { rounded } from './stats.ts';
import { floor, ours } from './subjects.ts';

const BLOCK = 1_000;
/** Numbers of calls after which memory is read. V8's heap has its size after some thousands. */
const MARKS = [1_000, 10_000, 100_000];
const QUICK_MARKS = [1_000, 10_000];

/** Measures memory after these numbers of calls, made one after the other; only once, because it takes long. */
export async function measureMemory(bench: Bench): Promise<MemoryRow[]> {
  const marks = bench.quick ? QUICK_MARKS : MARKS;
  return withCallers(bench, [floor, ours], async (callers) => {
    const rows: MemoryRow[] = [];
    for (const caller of callers) {
      bench.note(`memory: ${marks.at(-1)} calls of ${caller.name}`);
      rows.push(await grow(caller, marks));
    }
    return rows;
  });
}

/** Calls in blocks, so that this process holds the answers of one. No mark where the system tells no memory. */
async function grow({ name, calls, session }: Caller, marks: readonly number[]): Promise<MemoryRow> {
  const seen: MemoryRow['marks'][number][] = [];
  let made = 0;
  for (const mark of marks) {
    for (; made < mark; made += BLOCK) await calls(BLOCK);
    const memory = memoryOf(session.running.pid);
    if (memory !== undefined) seen.push({ calls: mark, memory: rounded(memory) });
  }
  return { name, marks: seen };
}
