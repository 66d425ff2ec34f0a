import type { Settings } from './options.ts';
import type { Reply } from './reply.ts';
import type { State } from './state.ts';

/** A request that has passed token, throttle and rights, as a handler receives it. */
export interface HandlerCall {
  state: State;
  /** Path parameters, decoded. */
  params: Record<string, string>;
  /** Query string and body together. */
  input: Record<string, unknown>;
  /** ms since the epoch */
  now: number;
  /** UPN of the token's owner. */
  caller: string;
  settings: Settings;
}

export type Handler = (call: HandlerCall) => Reply;
