import type { Readable, Writable } from 'node:stream';

/** How much may wait for a client that does not read, in bytes, before no more of its requests are read. */
const MAX_UNREAD = 16 * 1024 * 1024;
/** How long the client then has to read all of it, ms. */
const PATIENCE_MS = 5_000;

/**
 * Limits what waits in `stdout`. A client that sends much before it reads is served once it has read; one that does not
 * read is given up.
 * @returns a check to make after each write
 */
export function createPatience(stdin: Readable, stdout: Writable, giveUp: (bytes: number) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const readOn = () => {
    clearTimeout(timer);
    timer = undefined;
    stdin.resume();
  };
  return () => {
    if (timer !== undefined || stdout.writableLength <= MAX_UNREAD) return;
    stdin.pause();
    stdout.once('drain', readOn);
    timer = setTimeout(() => giveUp(stdout.writableLength), PATIENCE_MS);
  };
}
