import { timingSafeEqual } from 'node:crypto';

/** Compares two texts in a time that does not tell where they differ. */
export function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** JSON with sorted members, because a client may send the same members in another order. */
export function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, member: unknown) => {
    const isPlainObject = typeof member === 'object' && member !== null && !Array.isArray(member);
    return isPlainObject ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member;
  });
}
