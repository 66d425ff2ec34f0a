import { createHash, timingSafeEqual } from 'node:crypto';
import { toFault } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import { jsonResponse } from './exchange.ts';

/** What takes alerts from a flow. */
export interface Hook {
  /** The flow sends it as `X-Hook-Secret`. */
  readonly secret: Buffer;
  /** @returns whether the alert came for the first time, or what is wrong with it. @throws Fault */
  readonly deliver: (value: unknown) => Promise<{ readonly isNew: boolean } | { readonly problem: string }>;
}

export const HOOK_PATH = '/hooks/alert-generated';

/** The connector's payload has some kilobytes. */
const MAX_BYTES = 256 * 1024;

type HookRoute = (headers: Headers, text: (most: number) => Promise<string | undefined>) => Promise<Response>;

/** A caller without the secret learns nothing, and its body is not read. */
export function createHookRoute({ secret, deliver }: Hook, log: Log): HookRoute {
  const refuse = (status: number, error: string) => {
    log.warn('a delivery was refused', { status, why: error });
    return jsonResponse({ error }, status);
  };
  return async (headers, text) => {
    if (!isSecret(headers.get('x-hook-secret') ?? '', secret)) return refuse(401, 'The secret is missing or wrong.');
    if (!/^application\/json\s*(?:;|$)/i.test(headers.get('content-type') ?? '')) {
      return refuse(415, 'Content-Type must be application/json.');
    }
    const body = await text(MAX_BYTES);
    if (body === undefined) return refuse(413, 'The body is too long.');
    const value = parse(body);
    if (value === undefined) return refuse(400, 'The body is not JSON.');
    try {
      const delivered = await deliver(value);
      if ('problem' in delivered) return refuse(400, delivered.problem);
      log.info('delivery', { isNew: delivered.isNew });
      return jsonResponse({ status: delivered.isNew ? 'accepted' : 'known' });
    } catch (error) {
      // A flow tries again after a 503.
      return refuse(503, toFault(error).detail);
    }
  };
}

/** In a time that does not depend on how much of it was right. */
function isSecret(given: string, secret: Buffer): boolean {
  return timingSafeEqual(hashOf(given), hashOf(secret));
}

function hashOf(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
