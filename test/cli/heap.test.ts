import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { ROOT } from '../process.ts';

const HEAP = pathToFileURL(`${ROOT}dist/esm/src/cli/heap.js`).href;
const KEEP_SMALL = `(await import('${HEAP}')).keepHeapSmall();`;
const YOUNG_ONLY = "(await import('node:v8')).setFlagsFromString('--semi-space-growth-factor=1');";

/** Largest size of each generation, MB, in a process that keeps the last thousand objects of some 20 kB each. */
function heapOf(before: string): { young: number; old: number } {
  const work = `
    import { getHeapSpaceStatistics } from 'node:v8';
    ${before}
    const text = JSON.stringify(Array.from({ length: 20 }, (_, n) => ({ n, text: 'x'.repeat(900), more: [n, { n }] })));
    let kept = [];
    const most = { young: 0, old: 0 };
    for (let n = 0; n < 8000; n++) {
      kept = [...kept.slice(-999), JSON.parse(text)];
      if (n < 2000 || n % 50 > 0) continue;
      const [young, old] = ['new_space', 'old_space'].map((name) => {
        return getHeapSpaceStatistics().find((space) => space.space_name === name).space_size / 2 ** 20;
      });
      most.young = Math.max(most.young, young);
      most.old = Math.max(most.old, old);
    }
    console.log(JSON.stringify(most));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', work], { encoding: 'utf8' }));
}

test('keepHeapSmall halves the young generation at least, and takes 15 % off the old one', () => {
  const small = heapOf(KEEP_SMALL);
  expect(small.young).toBeLessThan(heapOf('').young / 2);
  expect(small.old).toBeLessThan(heapOf(YOUNG_ONLY).old * 0.85);
});
