/** In characters. Without a limit, a line that never ends would fill the memory. */
const MAX_LINE_LENGTH = 10 * 1024 * 1024;

/** Splits chunks of text into lines. */
export interface Lines {
  /** @returns false if the unfinished line has become too long */
  add(chunk: string): boolean;
  /** The unfinished line; it is given only once. */
  rest(): string;
}

export function createLines(onLine: (line: string) => void): Lines {
  let partial: string[] = [];
  let length = 0;
  const rest = () => {
    const line = partial.join('');
    partial = [];
    length = 0;
    return line;
  };
  return {
    rest,
    add(chunk) {
      let start = 0;
      for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
        const line = rest() + chunk.slice(start, end);
        start = end + 1;
        onLine(line);
      }
      partial.push(chunk.slice(start));
      length += chunk.length - start;
      return length <= MAX_LINE_LENGTH;
    },
  };
}
