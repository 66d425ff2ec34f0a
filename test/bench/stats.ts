/** The middle half of some measurements: median and quartiles. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Interpolates between the two nearest values. @throws RangeError for no values */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) throw new RangeError('no values');
  return below + (above - below) * (at - Math.floor(at));
}

export function spreadOf(values: readonly number[]): Spread {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((part) => rounded(quantile(values, part)));
  return { median: middle ?? Number.NaN, low: low ?? Number.NaN, high: high ?? Number.NaN };
}

/**
 * The spread of each round's own ratio: the machine's speed drifts between rounds and much less within one.
 * @param values one for each round, as in `base` and in the same order
 */
export function ratioOf(values: readonly number[], base: readonly number[]): Spread {
  if (values.length !== base.length) throw new RangeError('a ratio needs both of each round');
  return spreadOf(values.map((value, round) => value / (base[round] ?? Number.NaN)));
}

/** The largest number of times within any window of length `span`, without its end. */
export function fullestWindow(times: readonly number[], span: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  let first = 0;
  let fullest = 0;
  for (const [last, time] of sorted.entries()) {
    while (time - (sorted[first] ?? time) >= span) first++;
    fullest = Math.max(fullest, last - first + 1);
  }
  return fullest;
}

/** Rounds to four digits. More are noise, and would make the files of two runs differ everywhere. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** The order of a round, so that nobody always comes first. */
export function rotated<T>(items: readonly T[], round: number): T[] {
  const at = items.length === 0 ? 0 : round % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
