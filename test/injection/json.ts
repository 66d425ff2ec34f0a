export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value from JSON, or undefined. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A text in a value, and the way to it. */
export interface Leaf {
  readonly path: string;
  readonly text: string;
}

/** Names of members are text that is read, too. */
export function leavesOf(value: unknown, path = ''): Leaf[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [
    ...(Array.isArray(value) ? [] : [{ path: `${path}.${key} (name)`, text: key }]),
    ...leavesOf(member, path === '' ? key : `${path}.${key}`),
  ]);
}
