import { isUtf8 } from 'node:buffer';
import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';

/** Modes: read and write, or enter, for the owner only. */
const [OWNER_FILE, OWNER_FOLDER] = [0o600, 0o700];
const OWNER_MAY_WRITE = 0o200;

/**
 * The text of a file that may be replaced; undefined if there is none.
 * @throws RangeError with why it may not be replaced; Node's error if it cannot be read
 */
export function readIfThere(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) {
    if (lstatSync(path, { throwIfNoEntry: false })) throw new RangeError('is a link to a file that is not there');
    return undefined;
  }
  if (!found.isFile()) throw new RangeError('is no file');
  if ((found.mode & OWNER_MAY_WRITE) === 0) throw new RangeError('is read-only');
  const bytes = readFileSync(path);
  // Other text would come back with wrong characters.
  if (!isUtf8(bytes)) throw new RangeError('is not in UTF-8');
  return bytes.toString();
}

/** Writes a file that only its owner can read. @throws Node's error */
export function writePrivate(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_FOLDER });
  writeWhole(path, text, OWNER_FILE);
}

/**
 * Replaces a file, and keeps a copy of it beside it. Does nothing if it holds the text already.
 * @param before what it held when its new text was made; undefined if it was not there
 * @returns the path of the copy, if there is one
 * @throws RangeError if it holds something else by now or may not be replaced; otherwise Node's error
 */
export function replaceFile(path: string, before: string | undefined, text: string, now: Date): string | undefined {
  if (readIfThere(path) !== before) throw new RangeError('has changed in the meantime');
  if (before === text) return undefined;
  if (before === undefined) {
    writePrivate(path, text);
    return undefined;
  }
  // A link stays, and what it leads to is replaced.
  const target = realpathSync(path);
  const backup = `${target}.${now.toISOString().replace(/[^\dTZ]/g, '')}.bak`;
  copyFileSync(target, backup, constants.COPYFILE_EXCL);
  writeWhole(target, text, statSync(target).mode & 0o777);
  return backup;
}

/** In one step, so that a client never reads half of it and a full disk takes nothing away. */
function writeWhole(path: string, text: string, mode: number): void {
  const fresh = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(fresh, text, { mode, flag: 'wx' });
    // The mode above is cut by the umask of the process.
    chmodSync(fresh, mode);
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
