import type { EntraConfig } from '../config/entra_settings.ts';
import { Fault, toFault } from '../core/errors.ts';
import { createWithhold } from '../core/withhold.ts';
import type { CredentialSource } from '../http/auth.ts';
import type { Layer, ServiceRequest, ServiceResponse } from '../http/layers.ts';
import { isOwnReply } from '../http/reply.ts';
import { readClaims } from './claims.ts';
import { createPrompt } from './device_prompt.ts';
import { createIdentity } from './identity.ts';
import { missingFor, remedyFor } from './permissions.ts';
import { createTokens, type Tokens, type Waiting } from './tokens.ts';

export interface SignInOptions {
  readonly entra: EntraConfig;
  /** Time limit of one request to Entra, ms. */
  readonly timeoutMs: number;
  /** Writes one line on stderr. */
  readonly say: (line: string) => void;
}

/** How this server signs in to the service by Entra. Nothing is asked of Entra before a call needs a token. */
export interface SignIn {
  /** Sees to a token before a request enters the queue, and to another where the service refuses it. */
  readonly layer: Layer;
  readonly credential: CredentialSource;
  /** Refuses a tool whose permission is missing for sure. @throws Fault `role_missing`, `sign_in_failed` */
  permit(tool: string, caller: Waiting): Promise<void>;
  /** The token of now, for `check`, which waits for a person until `signal` ends it. @throws Fault `sign_in_failed` */
  token(signal: AbortSignal): Promise<string>;
  /** Takes every secret and token out of a text. */
  withhold(text: string): string;
}

/** Waits of a call for a person who signs in, ms: clients end a call after a minute. */
const PATIENCE_MS = 45_000;
/** Tokens that may still stand in an answer that is on its way. */
const KEPT_TOKENS = 3;

export function createSignIn({ entra, timeoutMs, say }: SignInOptions): SignIn {
  const { proof } = entra;
  const secrets = proof.kind === 'secret' ? [createWithhold(proof.secret)] : [];
  let issued: readonly ((text: string) => string)[] = [];
  const tokens = createTokens(createIdentity({ entra, timeoutMs, prompt: createPrompt(say) }), {
    patienceMs: proof.kind === 'device' ? PATIENCE_MS : undefined,
    onIssued: (token) => {
      issued = [createWithhold(token), ...issued].slice(0, KEPT_TOKENS);
    },
  });
  return {
    ...createLayer(tokens),
    token: (signal) => tokens.get({ signal, untilSignal: true }),
    async permit(tool, caller) {
      const missing = missingFor({ tool }, readClaims(await tokens.get(caller)).granted);
      if (missing) throw missing;
    },
    withhold: (text) => [...secrets, ...issued].reduce((rest, withhold) => withhold(rest), text),
  };
}

/**
 * A 401 comes before the service acts (docs/defender-api.md 13.1), so the request is sent once more with a new token,
 * be it a write: the service has not carried it out. A 401 of something between, which may have passed a write on, is
 * no reason to send it again.
 */
function createLayer(tokens: Tokens): Pick<SignIn, 'layer' | 'credential'> {
  /** The token that a request was last sent with. */
  const used = new WeakMap<object, string>();
  const check = (token: string, { path }: ServiceRequest) => {
    const missing = missingFor({ route: path }, readClaims(token).granted);
    if (missing) throw missing;
  };
  return {
    async credential(request) {
      const token = await tokens.get(request);
      used.set(request.ticket, token);
      return { scheme: 'Bearer', secret: token };
    },
    layer: (next) => async (request) => {
      check(await tokens.get(request), request);
      const first = await next(request);
      if (first.status !== 401 || !isOwnReply(first)) return accepted(first, request);
      try {
        check(await tokens.renew(used.get(request.ticket) ?? '', request), request);
        return accepted(await next(request), request);
      } catch (error) {
        throw afterRefusal(toFault(error));
      }
    },
  };
}

/** Why a refused request has not been sent once more. The audit trail takes the status of the one answer from it. */
function afterRefusal(fault: Fault): Fault {
  const { code, detail, status, mayHaveHappened } = fault;
  if (status !== undefined || mayHaveHappened || code === 'internal') return fault;
  const { remedy, retry, retryAfter, cause } = fault;
  const options = { status: 401, remedy, retry, retryAfter, cause };
  return new Fault(code, `The service refused the token (HTTP 401), and then: ${detail}`, options);
}

/** @throws Fault where the service refuses the token, or what it is used for */
function accepted(response: ServiceResponse, { path }: ServiceRequest): ServiceResponse {
  const { status } = response;
  if ((status !== 401 && status !== 403) || !isOwnReply(response)) return response;
  if (status === 403)
    throw new Fault('forbidden', 'The service answered HTTP 403.', { status, remedy: remedyFor(path) });
  const remedy = 'Check that MDCA_API_URL names a tenant of the directory in AZURE_TENANT_ID, of the same cloud.';
  throw new Fault('unauthorized', 'The service answered HTTP 401 to a new token of Entra.', { status, remedy });
}
