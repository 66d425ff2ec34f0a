import type { Running } from './rpc.ts';

/** Latencies in the order of the answers (right only with one in flight) and the time of all, ms, and the answers. */
export interface Volley {
  readonly latencies: readonly number[];
  readonly took: number;
  readonly lines: readonly Buffer[];
}

/**
 * Sends prepared lines with `inFlight` at a time, and the next one at each answer. Nothing is parsed: the caller checks
 * the answers after the clock has stopped.
 */
export function volley(running: Running, requests: readonly string[], inFlight = 1): Promise<Volley> {
  return new Promise((settle, refuse) => {
    const sent: number[] = [];
    const latencies: number[] = [];
    const lines: Buffer[] = [];
    const next = () => {
      const request = requests[sent.length];
      if (request === undefined) return;
      sent.push(performance.now());
      running.send(request);
    };
    running.ended.then((how) => refuse(new Error(`the server ${how} in the middle of calls`)));
    running.onLine((line) => {
      const now = performance.now();
      latencies.push(now - (sent[lines.length] ?? now));
      lines.push(line);
      if (lines.length < requests.length) return next();
      settle({ latencies, took: now - (sent[0] ?? now), lines });
    });
    for (let n = 0; n < inFlight; n++) next();
  });
}

/** Request lines of the same call, with ids that count up from `first`. */
export function callsOf(first: number, count: number, params: object): string[] {
  return Array.from({ length: count }, (_, n) => {
    return JSON.stringify({ jsonrpc: '2.0', id: first + n, method: 'tools/call', params });
  });
}
