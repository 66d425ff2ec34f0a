/** A time without its milliseconds, which tell an agent nothing. @param time ISO-8601 */
export function toSeconds(time: string | undefined): string | undefined {
  return time?.replace(/\.\d+Z$/, 'Z');
}

/** A list, or undefined for an empty one, so that the answer leaves it out. */
export function unlessEmpty<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}
