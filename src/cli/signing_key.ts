import { randomBytes } from 'node:crypto';
import type { Checked } from '../config/config.ts';
import { readSmallText } from '../config/small_file.ts';

/** As the length of a SHA-256 value. */
const MIN_KEY = 32;

/** Without a file a key is made, so what it signs is good for this process only. */
export function readSigningKey(file: string | undefined): Checked<Buffer> {
  if (file === undefined) return { value: randomBytes(MIN_KEY) };
  try {
    const key = readSmallText(file).trim();
    if (key.length >= MIN_KEY) return { value: Buffer.from(key) };
    return { problems: [`MDCA_SIGNING_KEY_FILE must hold at least ${MIN_KEY} characters.`] };
  } catch (error) {
    const why = error instanceof RangeError ? error.message : 'names a file that cannot be read';
    return { problems: [`MDCA_SIGNING_KEY_FILE ${why}.`] };
  }
}
