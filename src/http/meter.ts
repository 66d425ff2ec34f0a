import type { Layer } from './layers.ts';

/** What is told of requests to the service. */
export interface MeterOptions {
  /** @param status of the answer; undefined if there was none */
  readonly onAnswer: (status: number | undefined) => void;
  readonly onWaited: (seconds: number) => void;
}

/** Two layers, one on each side of the call budget: what lies between them is the wait for it. */
export function createMeter({ onAnswer, onWaited }: MeterOptions): { readonly outer: Layer; readonly inner: Layer } {
  const began = new WeakMap<object, number>();
  return {
    outer: (next) => (request) => {
      began.set(request.ticket, performance.now());
      return next(request);
    },
    inner: (next) => async (request) => {
      onWaited((performance.now() - (began.get(request.ticket) ?? performance.now())) / 1000);
      try {
        const response = await next(request);
        onAnswer(response.status);
        return response;
      } catch (error) {
        onAnswer(undefined);
        throw error;
      }
    },
  };
}
