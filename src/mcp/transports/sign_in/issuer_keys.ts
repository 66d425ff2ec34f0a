import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { isLoopback } from '../../../config/tenant_url.ts';

/** Keys are fetched again for an unknown `kid` at most this often, ms. */
const AGAIN_MS = 60_000;
/** An issuer that could not be read is asked again after this, ms. */
const RETRY_MS = 15_000;
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
      return createKeySet(await keysUrlOf(issuer));
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
    if (performance.now() - failedAt < RETRY_MS) throw new Error(UNREADABLE);
    found ??= find();
    const keys = await found;
    try {
      return await keys(header, token);
    } catch (error) {
      throw isOfToken(error) ? error : fail();
    }
  };
}

/** Keys that are fetched again for an unknown `kid`: at once for the first, and then at most once in AGAIN_MS. */
function createKeySet(url: URL): JWTVerifyGetKey {
  // Otherwise jose would not fetch them again for so long after they were fetched for whatever reason.
  const remote = createRemoteJWKSet(url, { cooldownDuration: Number.POSITIVE_INFINITY, timeoutDuration: TIMEOUT_MS });
  let again = { at: Number.NEGATIVE_INFINITY, done: Promise.resolve() };
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const now = performance.now();
      // The keys that are known stay good where they cannot be fetched again.
      if (now - again.at >= AGAIN_MS) again = { at: now, done: remote.reload().catch(() => {}) };
      await again.done;
      return remote(header, token);
    }
  };
}

function isOfToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

async function keysUrlOf(issuer: string): Promise<URL> {
  const url = `${withoutSlash(issuer)}/.well-known/openid-configuration`;
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  const metadata: unknown = await answer.json();
  const { issuer: own = '', jwks_uri } = toStrings(metadata);
  const keys = new URL(jwks_uri ?? '');
  const isSafe = keys.protocol === 'https:' || isLoopback(keys.hostname);
  if (withoutSlash(own) !== withoutSlash(issuer) || !isSafe) {
    throw new TypeError('the metadata are not those of the issuer');
  }
  return keys;
}

/** Some issuers name themselves with a slash at the end, and people leave it out, or add it. */
export function withoutSlash(issuer: string): string {
  return issuer.replace(/\/$/, '');
}

function toStrings(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, member]) => typeof member === 'string'));
}
