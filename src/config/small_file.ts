import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { markedEncoding } from '../core/encoding.ts';

/** More than any token needs. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads a text file in UTF-8, or in UTF-16 if it begins with a byte order mark.
 * @throws RangeError that says in our own words why the file is not taken; Node's error if it cannot be read
 */
export function readSmallText(path: string): string {
  const bytes = readStart(path, MAX_BYTES + 1);
  if (bytes.length > MAX_BYTES) throw new RangeError(`names a file of more than ${MAX_BYTES / 1024} KiB`);
  return new TextDecoder(markedEncoding(bytes) ?? 'utf-8').decode(bytes);
}

/**
 * The first bytes of a regular file. Nothing else is read: a device may never end, and a pipe may never begin.
 * @throws RangeError that says in our own words why the file is not taken; Node's error if it cannot be read
 */
export function readStart(path: string, bytes: number): Buffer {
  // Non-blocking, because opening a named pipe could otherwise wait for ever for its other end.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) throw new RangeError('names something that is not a regular file');
    const buffer = Buffer.alloc(bytes);
    let length = 0;
    for (let read = -1; read !== 0; length += read) read = readSync(file, buffer, length, bytes - length, null);
    return buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
}
