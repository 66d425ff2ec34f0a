import type { Running } from './rpc.ts';

/** What became of some calls: each one's latency in order (of use where one is in flight), and the time of all, ms. */
export interface Volley {
  readonly latencies: readonly number[];
  readonly took: number;
  readonly lines: readonly Buffer[];
}

/**
 * Sends prepared lines, so many in flight, the next as soon as an answer is there. Nothing is parsed: the answers are
 * for the caller to check when the clock has stopped.
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

/** Lines of the same call with ids of their own. */
export function callsOf(first: number, count: number, params: object): string[] {
  return Array.from({ length: count }, (_, n) => {
    return JSON.stringify({ jsonrpc: '2.0', id: first + n, method: 'tools/call', params });
  });
}
