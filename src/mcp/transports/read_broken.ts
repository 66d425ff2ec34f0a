/**
 * Reads what a broken line says for sure: the members of its object that end before the fault. A member that does not
 * end there, or whose key comes twice, is present without a value.
 */
export function readBroken(line: string): ReadonlyMap<string, unknown> {
  const members = new Map<string, unknown>();
  try {
    for (let at = skipBlank(line, 0), before = '{'; line[at] === before; before = ',') {
      const keyAt = skipBlank(line, at + 1);
      const keyEnd = endOfText(line, keyAt);
      const key = String(JSON.parse(line.slice(keyAt, keyEnd)));
      const isKnown = members.has(key);
      members.set(key, undefined);
      const colon = skipBlank(line, keyEnd);
      if (line[colon] !== ':') break;
      const valueAt = skipBlank(line, colon + 1);
      const end = endOfValue(line, valueAt);
      const value: unknown = JSON.parse(line.slice(valueAt, end));
      at = skipBlank(line, end);
      if (!isKnown && isDelimiter(line, at)) members.set(key, value);
    }
  } catch {
    // The fault has been reached.
  }
  return members;
}

function skipBlank(line: string, from: number): number {
  let at = from;
  while (at < line.length && /\s/.test(line.charAt(at))) at++;
  return at;
}

/** True at the end of the line too: text and lists are complete there, as they have their own ends. */
function isDelimiter(line: string, at: number): boolean {
  return at >= line.length || ',}'.includes(line.charAt(at));
}

/** @throws SyntaxError if a value does not end for sure */
function endOfValue(line: string, from: number): number {
  const first = line.charAt(from);
  if (first === '"') return endOfText(line, from);
  if ('{['.includes(first)) return endOfNested(line, from);
  const length = line.slice(from).search(/[\s,}]/);
  if (length < 0) throw new SyntaxError('a number may have gone on');
  return from + length;
}

function endOfText(line: string, from: number): number {
  for (let at = line.indexOf('"', from + 1); at >= 0; at = line.indexOf('"', at + 1)) {
    let escapes = 0;
    while (line[at - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
  throw new SyntaxError('text does not end');
}

function endOfNested(line: string, from: number): number {
  let depth = 0;
  for (let at = from; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '"') at = endOfText(line, at) - 1;
    else if ('{['.includes(character)) depth++;
    else if ('}]'.includes(character) && --depth === 0) return at + 1;
  }
  throw new SyntaxError('a list or an object does not end');
}
