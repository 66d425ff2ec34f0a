import { stat } from 'node:fs/promises';
import type { Checked } from '../../../config/config.ts';
import { readSmallText } from '../../../config/small_file.ts';
import type { Log } from '../../../core/log.ts';
import type { Identity } from '../../../tool/caller.ts';
import { type ApiKey, findKey, readApiKeys } from './api_keys.ts';
import type { Check } from './sign_in.ts';

/** The API keys of a file, which is read again when it changes. */
export interface KeyFile {
  readonly check: Check;
  /** Calls back when keys have gone or changed, with a test of who may not do any more what they could. */
  onRemoved(listener: (isGone: (identity: Identity) => boolean) => void): void;
  close(): void;
}

/** How often a change is looked for while nobody signs in, so that open streams of removed keys end, ms. */
const LOOK_MS = 1_000;

/** @returns problems that name the setting and quote nothing of the file */
export function openKeyFile(path: string, log: Log): Checked<KeyFile> {
  const first = readKeys(path);
  if (first.problem) return { problems: [`MDCA_HTTP_TOKEN_FILE ${first.problem}.`] };
  let keys = first.keys;
  let seen = '';
  const listeners: ((isGone: (identity: Identity) => boolean) => void)[] = [];
  const refresh = async () => {
    const now = await markOf(path);
    if (now === seen) return;
    seen = now;
    const read = readKeys(path);
    // Only what can be read in the file now lets anybody in.
    keys = read.keys;
    if (read.problem) log.warn(`MDCA_HTTP_TOKEN_FILE ${read.problem}`, { keys: keys.length });
    const known = new Map(keys.map((key) => [idOf(key), key.mayWrite]));
    // What a caller began with more rights than it has now ends as well.
    const isLess = ({ id, mayWrite }: Identity) => !known.has(id) || (mayWrite && known.get(id) === false);
    for (const tell of listeners) tell((identity) => identity.id.startsWith(KIND) && isLess(identity));
  };
  const looking = setInterval(() => void refresh(), LOOK_MS).unref();
  const check: Check = async ({ text }) => {
    await refresh();
    const key = findKey(keys, text);
    return key && { id: idOf(key), name: key.name, mayWrite: key.mayWrite };
  };
  return {
    value: { check, onRemoved: (listener) => void listeners.push(listener), close: () => clearInterval(looking) },
  };
}

const FORM = 'a line is NAME KEY [read], with 32 characters or more in KEY, and each NAME and KEY once';

const KIND = 'key:';

/** A key that takes the place of another under the same name is another caller. */
function idOf({ name, hash }: ApiKey): string {
  return `${KIND}${name}:${hash.toString('hex').slice(0, 16)}`;
}

function readKeys(path: string): { keys: readonly ApiKey[]; problem?: string } {
  try {
    const { keys, wrong } = readApiKeys(readSmallText(path));
    const line = wrong[0];
    if (line !== undefined) return { keys, problem: `has a wrong line, ${line}: ${FORM}` };
    return keys.length > 0 ? { keys } : { keys, problem: 'names a file without a key' };
  } catch (error) {
    return { keys: [], problem: error instanceof RangeError ? error.message : 'names a file that cannot be read' };
  }
}

/** Differs whenever the file has changed; empty if it is not there. */
async function markOf(path: string): Promise<string> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return stats ? `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}` : 'none';
}
