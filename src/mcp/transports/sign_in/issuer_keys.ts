import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { isLoopback } from '../../../config/tenant_url.ts';

/** Keys are fetched again for an unknown `kid`, and after a failure, at most this often, ms. */
const COOLDOWN_MS = 60_000;
const TIMEOUT_MS = 5_000;
const UNREADABLE = "The issuer's keys cannot be read now.";

/**
 * The keys that the issuer's metadata (OpenID Connect Discovery 1.0) name. Cached; fetched when first needed. Throws an
 * error that is none of jose's where they cannot be read.
 */
export function createIssuerKeys(issuer: string): JWTVerifyGetKey {
  let found: Promise<JWTVerifyGetKey> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  const find = async () => {
    try {
      const url = await keysUrlOf(issuer);
      return createRemoteJWKSet(url, { cooldownDuration: COOLDOWN_MS, timeoutDuration: TIMEOUT_MS });
    } catch {
      throw fail();
    }
  };
  const fail = () => {
    failedAt = performance.now();
    found = undefined;
    return new Error(UNREADABLE);
  };
  return async (header, token) => {
    if (performance.now() - failedAt < COOLDOWN_MS / 4) throw new Error(UNREADABLE);
    found ??= find();
    const keys = await found;
    try {
      return await keys(header, token);
    } catch (error) {
      const isOfToken = error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
      throw isOfToken || error instanceof errors.JOSENotSupported ? error : fail();
    }
  };
}

async function keysUrlOf(issuer: string): Promise<URL> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  const metadata: unknown = await answer.json();
  const { issuer: own, jwks_uri } = toStrings(metadata);
  const keys = new URL(jwks_uri ?? '');
  const isSafe = keys.protocol === 'https:' || isLoopback(keys.hostname);
  if (own !== issuer || !isSafe) throw new TypeError('the metadata are not those of the issuer');
  return keys;
}

function toStrings(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, member]) => typeof member === 'string'));
}
