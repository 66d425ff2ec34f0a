import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Identity } from '../../../tool/caller.ts';
import { createIssuerKeys, withoutSlash } from './issuer_keys.ts';
import { SCOPES } from './scopes.ts';
import type { Check, Denied } from './sign_in.ts';

export interface TokenOptions {
  readonly issuer: string;
  readonly audience: string;
}

/** With a symmetric algorithm, whoever knows the public key could sign. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** How far two clocks may be apart, s. */
const GRACE_S = 60;

/** Checks access tokens of one issuer, which are signed JWTs, such as those of Entra. */
export function createTokenCheck({ issuer, audience }: TokenOptions): Check {
  const keys = createIssuerKeys(issuer);
  const issuers = [withoutSlash(issuer), `${withoutSlash(issuer)}/`];
  const rules = { issuer: issuers, audience, algorithms: ALGORITHMS, clockTolerance: GRACE_S, requiredClaims: ['exp'] };
  return async ({ text, isBearer }) => {
    if (!isBearer || text.split('.').length !== 3) return undefined;
    try {
      const { payload } = await jwtVerify(text, keys, rules);
      return callerOf(payload);
    } catch (error) {
      return deniedBy(error);
    }
  };
}

/** Both kinds of permission have the same names: delegated ones stand in `scp`, those of an app in `roles`. */
function callerOf({ scp, roles, oid, sub, tid, exp = 0 }: JWTPayload): Identity | Denied {
  const granted = [...(typeof scp === 'string' ? scp.split(' ') : []), ...(Array.isArray(roles) ? roles : [])];
  const mayWrite = granted.includes(SCOPES.write);
  const name = typeof oid === 'string' ? oid : sub;
  if (!name) return { status: 401, error: 'invalid_token', description: 'The token does not say whose it is.' };
  if (!mayWrite && !granted.includes(SCOPES.read)) {
    const description = `The token has neither ${SCOPES.read} nor ${SCOPES.write}.`;
    return { status: 403, error: 'insufficient_scope', description };
  }
  const home = typeof tid === 'string' ? { tenant: tid } : {};
  return { id: `token:${home.tenant ?? ''}/${name}`, name, ...home, mayWrite, until: (exp + GRACE_S) * 1000 };
}

/** Says in our own words what is wrong, and nothing of the token. */
function deniedBy(error: unknown): Denied {
  if (!(error instanceof errors.JOSEError)) return { status: 503, description: 'Tokens cannot be checked now.' };
  const invalid = (description: string): Denied => ({ status: 401, error: 'invalid_token', description });
  if (error instanceof errors.JWTExpired) return invalid('The token has expired.');
  if (!(error instanceof errors.JWTClaimValidationFailed)) return invalid('The token is not one of the issuer.');
  return invalid(CLAIMS.get(error.claim) ?? 'A claim of the token is missing or wrong.');
}

const CLAIMS: ReadonlyMap<string, string> = new Map([
  ['aud', 'The token is for another audience.'],
  ['iss', 'The token is of another issuer.'],
  ['nbf', 'The token is not valid yet.'],
  ['exp', 'The token does not say when it expires.'],
]);
