import { Fault } from '../../core/errors.ts';
import type { Layer } from '../layers.ts';
import type { Gate } from './gate.ts';
import { createQueue } from './queue.ts';

/** The call budget of a tenant: all calls to the service wait in one queue before its gate. */
export function createBudget(gate: Gate): Layer {
  const queue = createQueue(gate);
  return (next) => async (request) => {
    const slot = await queue.enter(request);
    try {
      const response = await next(request);
      slot.release(response);
      return response;
    } catch (error) {
      // Without a connection nothing has left, so nothing can reach the service later.
      if (error instanceof Fault && error.code === 'unreachable') slot.giveBack();
      else slot.release(undefined);
      throw error;
    } finally {
      queue.advance();
    }
  };
}
