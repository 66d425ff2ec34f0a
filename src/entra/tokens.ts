import { Fault } from '../core/errors.ts';
import type { OpenUrl } from '../http/layers.ts';
import { unconfirmed } from './sign_in_faults.ts';

interface IssuedToken {
  readonly text: string;
  /** ms since the epoch; in the past, or no number, if Entra has not said it */
  readonly expiresAt: number;
}

/**
 * Gets a new token.
 * @param isAttended a call waits for it, so a person may be asked
 * @param openUrl how to ask the person at the client
 * @throws Fault `sign_in_failed`
 */
export type Acquire = (isAttended: boolean, openUrl: OpenUrl | undefined) => Promise<IssuedToken>;

/** Who waits for a token. */
export interface Waiting {
  readonly signal: AbortSignal;
  readonly openUrl?: OpenUrl | undefined;
  /** Waits for a person until `signal` ends it, as nothing else does. */
  readonly untilSignal?: boolean;
}

/** The one token of this process. All calls that need a new one wait for the same sign-in. */
export interface Tokens {
  /** A token that is good for now. @throws Fault `sign_in_failed` or `cancelled` */
  get(waiting: Waiting): Promise<string>;
  /** Another token than the one that the service has refused. @throws Fault `sign_in_failed` or `cancelled` */
  renew(refused: string, waiting: Waiting): Promise<string>;
}

interface Held {
  readonly text: string;
  /** Of `performance.now`, because the clock of the machine may be set. */
  readonly renewAt: number;
  readonly endsAt: number;
}

/** So long before its end a token is renewed, but not before three quarters of its life, ms. */
const EARLY_MS = 300_000;
/** The service's clock may be ahead of ours; so long before its end a token is not used any more, ms. */
const LAST_MS = 30_000;
/** A token is used so long whatever is said of its end, ms: the calls that wait for it need it. The service judges. */
const LEAST_MS = 60_000;
/** After a renewal has failed, and while the token is still good, ms. */
const AGAIN_MS = 30_000;

export interface TokenOptions {
  /** Is given each new token before it is used. */
  readonly onIssued: (token: string) => void;
  /** How long a call waits for a person who signs in; undefined where nobody has to. */
  readonly patienceMs: number | undefined;
}

export function createTokens(acquire: Acquire, { onIssued, patienceMs }: TokenOptions): Tokens {
  let held: Held | undefined;
  let pending: Promise<string> | undefined;
  let againAt = 0;
  const keep = ({ text, expiresAt }: IssuedToken) => {
    const said = expiresAt - Date.now();
    const life = said > LEAST_MS ? said : LEAST_MS;
    const end = performance.now() + life;
    held = { text, renewAt: end - Math.min(EARLY_MS, life / 4), endsAt: end - Math.min(LAST_MS, life / 10) };
    onIssued(text);
    return text;
  };
  const signIn = (isAttended: boolean, openUrl?: OpenUrl) => {
    pending ??= acquire(isAttended, openUrl)
      .then(keep)
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };
  const renewEarly = () => {
    againAt = performance.now() + AGAIN_MS;
    // The old token is still good. When it ends, a call will tell why there is no new one.
    signIn(false).catch(() => {});
  };
  const get: Tokens['get'] = async ({ signal, openUrl, untilSignal }) => {
    const now = performance.now();
    const ms = untilSignal ? undefined : patienceMs;
    if (!held || now >= held.endsAt) return patient(signIn(true, openUrl), signal, ms);
    if (now >= Math.max(held.renewAt, againAt)) renewEarly();
    return held.text;
  };
  return {
    get,
    renew(refused, waiting) {
      if (held?.text === refused) held = undefined;
      return get(waiting);
    },
  };
}

/** The sign-in goes on for the calls that come after one that gives up. */
function patient(token: Promise<string>, signal: AbortSignal, ms: number | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new Fault('cancelled', 'The call was cancelled before anything was sent.'));
    const timer = ms === undefined ? undefined : setTimeout(() => reject(unconfirmed()), ms);
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    token.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    });
  });
}
