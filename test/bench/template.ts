import type { Answer } from './session.ts';

/** A line of JSON-RPC without its id: the same call has the same answer, to the byte. */
export interface Template {
  readonly before: string;
  readonly after: string;
}

/** @throws Error where the line does not have the id exactly once */
export function templateOf({ id, line }: Answer): Template {
  const parts = line.toString().split(`"id":${id}`);
  const [before, after, ...more] = parts;
  if (before === undefined || after === undefined || more.length > 0) throw new Error('an answer without one clear id');
  return { before: `${before}"id":`, after };
}

/** Makes a check that returns the id of a line that matches the template. @throws Error for any other line */
export function createCheck({ before, after }: Template): (line: Buffer) => number {
  const [head, tail] = [Buffer.from(before), Buffer.from(after)];
  return (line) => {
    const end = line.length - tail.length;
    const isSame = head.equals(line.subarray(0, head.length)) && tail.equals(line.subarray(end));
    if (!isSame) throw new Error(`an answer differs from the first one: ${line.subarray(0, 300)}`);
    return Number(line.subarray(head.length, end));
  };
}
