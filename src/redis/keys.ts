import { createHash } from 'node:crypto';

/** The name of something that the processes of a tenant share. */
export type KeyOf = (...parts: readonly string[]) => string;

/**
 * Keys begin with the prefix and a hash of the tenant's origin, in braces, so that all of a tenant are in one slot.
 * @param prefix tells installations apart that use one Redis
 */
export function createKeys(prefix: string, origin: string): KeyOf {
  const tenant = hashOf(origin);
  return (...parts) => [`${prefix}{${tenant}}`, ...parts].join(':');
}

/** Stands in a key for what must not stand there, such as the random part of a code. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
