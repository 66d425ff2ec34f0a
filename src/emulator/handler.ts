import type { Settings } from './options.ts';
import type { Reply } from './reply.ts';
import type { State } from './state.ts';

/** One authenticated, admitted request, as a resource sees it. */
export interface HandlerCall {
  state: State;
  /** Path parameters, decoded. */
  params: Record<string, string>;
  /** Query string and body together. */
  input: Record<string, unknown>;
  /** ms */
  now: number;
  /** UPN of the token's owner. */
  caller: string;
  settings: Pick<Settings, 'emptyFilter' | 'unknownFilter'>;
}

export type Handler = (call: HandlerCall) => Reply;
