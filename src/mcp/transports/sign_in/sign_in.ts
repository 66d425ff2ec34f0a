import type { Identity } from '../../../tool/caller.ts';

/** Why a caller may not come in; the words of RFC 6750. */
export interface Denied {
  /** 503 where it cannot be told now. */
  readonly status: 401 | 403 | 503;
  /** Absent where no credential was sent. */
  readonly error?: 'invalid_token' | 'insufficient_scope';
  readonly description: string;
}

/** One kind of credential. @returns undefined if it is not of this kind */
export type Check = (credential: Credential) => Promise<Identity | Denied | undefined>;

/** What a request brings to sign in with. */
export interface Credential {
  readonly text: string;
  /** It came as `Authorization: Bearer`, not in a header of its own. */
  readonly isBearer: boolean;
}

/** Tells who sends a request, by the first kind of credential that knows it. */
export function createSignIn(checks: readonly Check[]) {
  return async (headers: Headers): Promise<Identity | Denied> => {
    const credential = credentialOf(headers);
    if (!credential) return { status: 401, description: 'Send an API key or an access token.' };
    for (const check of checks) {
      const found = await check(credential);
      if (found) return found;
    }
    return { status: 401, error: 'invalid_token', description: 'The key or token is not good here.' };
  };
}

export type SignIn = ReturnType<typeof createSignIn>;

export function isDenied(found: Identity | Denied): found is Denied {
  return 'status' in found;
}

/** Longer than any token; nothing longer is looked at. */
const MAX_LENGTH = 24 * 1024;

function credentialOf(headers: Headers): Credential | undefined {
  const [, bearer] = /^Bearer +([\x21-\x7e]+)$/i.exec(headers.get('authorization') ?? '') ?? [];
  const text = bearer ?? headers.get('x-api-key')?.trim();
  if (!text || text.length > MAX_LENGTH) return undefined;
  return { text, isBearer: bearer !== undefined };
}
