import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mapInTurns } from '../../src/core/turns.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Maps five items, each of which takes so long, and counts the turns in between. */
async function turnsOf(ms: number): Promise<number> {
  let turns = 0;
  let isMapping = true;
  const count = () => {
    if (isMapping) setImmediate(count);
    turns++;
  };
  setImmediate(count);
  const mapped = await mapInTurns([1, 2, 3, 4, 5], (item) => {
    vi.advanceTimersByTime(ms);
    return 2 * item;
  });
  isMapping = false;
  expect(mapped).toEqual([2, 4, 6, 8, 10]);
  return turns;
}

test('others have their turn when mapping takes longer than 10 ms', async () => {
  expect(await turnsOf(11)).toBe(4);
  expect(await turnsOf(6)).toBe(2);
});

test('short work is done in one turn', async () => {
  expect(await turnsOf(2)).toBe(0);
});

test('an error of the mapping ends it', async () => {
  const map = () => {
    throw new TypeError('planted');
  };
  await expect(mapInTurns([1], map)).rejects.toThrow('planted');
});
