import type { Layer, ServiceResponse } from '../layers.ts';
import type { Gate } from './gate.ts';
import { createQueue } from './queue.ts';

/** The one budget of a tenant: everything that calls the service waits in one queue before its gate. */
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
      queue.move();
    }
  };
}
