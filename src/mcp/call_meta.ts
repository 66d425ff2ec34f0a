import type { Caller } from '../tool/caller.ts';
import { type JsonObject, presentMembers } from './json_object.ts';

interface ProgressParams {
  readonly progressToken: string | number;
  readonly progress: number;
  readonly message: string;
  readonly [member: string]: unknown;
}

/** Progress is sent only if the request has a progress token; its number must always grow. */
export function createProgress(
  meta: JsonObject | undefined,
  signal: AbortSignal,
  send: (params: ProgressParams) => void,
): Caller['progress'] {
  const token = meta?.progressToken;
  let sent = 0;
  return (message) => {
    if ((typeof token !== 'string' && typeof token !== 'number') || signal.aborted) return;
    send({ progressToken: token, progress: ++sent, message });
  };
}

/** The `traceparent` of W3C Trace Context, which ties what is logged here to what others have logged. */
export function traceOf(meta: JsonObject | undefined): Pick<Caller, 'traceparent'> {
  const given = meta?.traceparent;
  return typeof given === 'string' && TRACEPARENT.test(given) ? { traceparent: given } : {};
}

const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;

/** What a client says about itself, which is untrusted text. */
export function clientNamed(clientInfo: unknown): { readonly name: string; readonly version: string } {
  const { name, version } = presentMembers(clientInfo);
  return { name: textOr(name), version: textOr(version) };
}

function textOr(value: unknown): string {
  return typeof value === 'string' ? value : 'unknown';
}
