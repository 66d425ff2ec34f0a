import { setFlagsFromString } from 'node:v8';

/**
 * Lets memory follow what is alive. By itself V8 lets its young generation double, up to 32 MB and from Node 24 on 128,
 * and its old one hold several times what lives before it collects. That suits a server that fills a machine; here
 * little lives, for days, beside a desktop client or two. V8 reads both at each collection, so they may change while it
 * runs: seen on Node 20, 22, 24 and 26.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=60');
}
