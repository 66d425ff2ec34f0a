import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Reply } from '../reply.ts';
import type { InjectedFault } from './injected_fault.ts';
import { faultAnswer } from './replies.ts';

/** Milliseconds between two bytes of a `drip`. */
const DRIP = 50;

/** A request and its response, to which a fault may be applied. */
export interface Exchange {
  /** Carries the request out on the state. */
  run(): Reply;
  response: ServerResponse;
  /** Sends an answer whole. */
  send(answer: Reply): void;
  /** Sends headers only and notes the status. */
  begin(status: number, headers: Record<string, string>): void;
  /** Aborted when the emulator closes. */
  signal: AbortSignal;
}

/** Applies a fault to an exchange. */
export async function playFault(fault: InjectedFault, exchange: Exchange): Promise<void> {
  const applied = fault.applied ? exchange.run() : undefined;
  const answer = faultAnswer(fault);
  if (answer) return exchange.send(answer);
  if (fault.kind === 'reset') exchange.response.destroy();
  if (fault.kind === 'truncated') truncate(exchange);
  if (fault.kind === 'drip') await drip(exchange);
  if (fault.kind === 'slow' || fault.kind === 'late') await delay(fault, exchange, applied);
}

async function delay(fault: InjectedFault, { run, send, response, signal }: Exchange, applied?: Reply): Promise<void> {
  await pause(fault.delayMs ?? 1000, undefined, { signal });
  // A `slow` service notices that the client has left; a `late` one already has the request in its queue.
  if (fault.kind === 'slow' && response.destroyed) return;
  send(applied ?? run());
}

function truncate({ begin, response }: Exchange): void {
  begin(200, { 'content-type': 'application/json', 'content-length': '4096' });
  response.write('{"data":[{"_id":"', () => response.destroy());
}

// JSON text may begin with any number of spaces, so a client without a timeout waits for ever.
async function drip({ begin, response, signal }: Exchange): Promise<void> {
  begin(200, { 'content-type': 'application/json' });
  while (!response.destroyed) {
    response.write(' ');
    await pause(DRIP, undefined, { signal });
  }
}
