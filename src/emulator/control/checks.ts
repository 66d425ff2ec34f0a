/** A test of one field, and the words for what it expects. */
export type Check = readonly [test: (value: unknown) => boolean, expected: string];

export function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** The first problem in an object that a request sent, as text; undefined if there is none. */
export function problemIn(given: Record<string, unknown>, checks: Readonly<Record<string, Check>>): string | undefined {
  for (const [name, value] of Object.entries(given)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (!check) return `${name} is not known; the fields are ${Object.keys(checks).join(', ')}`;
    if (!check[0](value)) return `${name} must be ${check[1]}`;
  }
  return undefined;
}
