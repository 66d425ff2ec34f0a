import { createHash, timingSafeEqual } from 'node:crypto';

/** An API key of a caller, as one line of the file gives it. */
export interface ApiKey {
  readonly name: string;
  /** SHA-256 of the key. The key itself is not kept. */
  readonly hash: Buffer;
  readonly mayWrite: boolean;
}

const LINE = /^([\w.@-]{1,60})\s+([\x21-\x7e]{32,512})(?:\s+(read))?$/;

/**
 * Reads lines of `NAME KEY [read]`; empty lines, and lines that begin with `#`, are passed over.
 * @returns the keys, and the numbers of the lines that cannot be read or repeat a name or a key
 */
export function readApiKeys(text: string): { keys: readonly ApiKey[]; wrong: readonly number[] } {
  const keys: ApiKey[] = [];
  const wrong: number[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, name, key, read] = LINE.exec(line) ?? [];
    const hash = hashOf(key ?? '');
    const isRepeated = keys.some((known) => known.name === name || known.hash.equals(hash));
    if (name === undefined || isRepeated) wrong.push(index + 1);
    else keys.push({ name, hash, mayWrite: read === undefined });
  }
  return { keys, wrong };
}

/** Compares with every key, in a time that does not depend on how much of one was right. */
export function findKey(keys: readonly ApiKey[], given: string): ApiKey | undefined {
  const hash = hashOf(given);
  let found: ApiKey | undefined;
  for (const key of keys) if (timingSafeEqual(key.hash, hash)) found = key;
  return found;
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
