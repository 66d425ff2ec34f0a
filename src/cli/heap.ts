import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the heap close to the size of the live objects. By default V8 doubles its young generation up to 32 MB, or 128
 * from Node 24 on, and lets the old one grow to several times the live objects before it collects. This server keeps
 * few objects, runs for days, and shares a desktop with its client.
 *
 * V8 promises nothing here. Node's documentation says that a flag set after the start may do nothing, or may crash the
 * process; and a V8 that does not know a flag prints a line on stderr. Both flags only change sizes that V8 reads again
 * at each collection. test/cli/heap.test.ts fails where they stop working; they work on Node 20, 22, 24 and 26.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=60');
}
