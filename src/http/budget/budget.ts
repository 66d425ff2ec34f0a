import type { Layer, ServiceResponse } from '../layers.ts';
import type { Gate } from './gate.ts';
import { createQueue } from './queue.ts';

/** The call budget of a tenant: all calls to the service wait in one queue before its gate. */
export function createBudget(gate: Gate): Layer {
  const queue = createQueue(gate);
  return (next) => async (request) => {
    await queue.enter(request);
    let response: ServiceResponse | undefined;
    try {
      response = await next(request);
      return response;
    } finally {
      gate.release(response);
      queue.advance();
    }
  };
}
