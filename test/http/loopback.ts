import { setTimeout as delay } from 'node:timers/promises';
import { path } from '../../src/core/path.ts';
import type { Send, ServiceRequest, ServiceResponse } from '../../src/http/layers.ts';

/** A request as the layers see it. */
export function request(overrides: Partial<ServiceRequest> = {}): ServiceRequest {
  return {
    method: 'GET',
    path: path`/api/v1/alerts/`,
    body: undefined,
    effect: 'read',
    signal: new AbortController().signal,
    headers: {},
    ticket: {},
    ...overrides,
  };
}

export function response(status = 200, headers: Record<string, string> = {}, body = '{}'): ServiceResponse {
  return { status, headers, body };
}

/** A service behind a slow network; delays are ms. `arrivals` holds the time at which each request reached it, ms. */
export function createDelayedService(options: {
  requestDelay: () => number;
  responseDelay: () => number;
  answer?: (arrivals: readonly number[]) => ServiceResponse;
}) {
  const arrivals: number[] = [];
  const send: Send = async () => {
    await delay(options.requestDelay());
    arrivals.push(performance.now());
    const answer = options.answer?.(arrivals) ?? response();
    await delay(options.responseDelay());
    return answer;
  };
  return { arrivals, send };
}

/** The most arrivals in any window of this length, ms. */
export function fullestWindow(arrivals: readonly number[], window = 60_000): number {
  const times = arrivals.toSorted((a, b) => a - b);
  return times.reduce((most, start, index) => {
    const inside = times.slice(index).filter((time) => time < start + window).length;
    return Math.max(most, inside);
  }, 0);
}
