import { setImmediate, setTimeout } from 'node:timers/promises';
import type * as z from 'zod';
import type { Caller } from './caller.ts';
import { Fault, toFault } from './errors.ts';
import { checkInput } from './input.ts';
import type { Log } from './log.ts';
import type { Operation, ToolApi } from './tool.ts';
import { unwrittenText } from './writes/approval.ts';
import type { Conduct } from './writes/conduct.ts';

/** A value of the tool's output schema, and the same in words. */
export interface Answer {
  readonly value: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface CorridorOptions {
  /** Whether the operator has taken this operation away. */
  readonly isWithheld: (operation: Operation) => boolean;
  /** Binds the service, without its writes, to one caller. */
  readonly api: (caller: Caller) => ToolApi;
  readonly conduct: Conduct;
  readonly log: Log;
}

/** Makes one call; throws a Fault and nothing else. */
export type Call = (operation: Operation, args: unknown, caller: Caller) => Promise<Answer>;

/** The corridor that every call walks, whoever makes it: allowed? → input → run, or conduct a write → output → log. */
export interface Corridor {
  readonly call: Call;
  /** Resolves when no call is in flight, at the latest after `ms`. */
  drain(ms: number): Promise<void>;
}

export function createCorridor({ isWithheld, api, conduct, log }: CorridorOptions): Corridor {
  const inFlight = new Set<Promise<unknown>>();
  const walk: Call = async (operation, args, caller) => {
    const start = performance.now();
    const done = (code: string) => ({ tool: operation.name, code, ms: Math.round(performance.now() - start) });
    try {
      if (isWithheld(operation)) {
        throw new Fault('tool_withheld', `${operation.name} is not available on this server.`);
      }
      const input = checkInput(operation, args);
      // A mapper has just made what a read returns, by its type; what a write answers is put together from parts.
      const value: z.output<typeof operation.output> =
        'run' in operation
          ? await operation.run(input, api(caller))
          : operation.output.parse(await conduct(operation, input, caller));
      // A poll every minute is no news.
      log[caller.background ? 'debug' : 'info']('call', done('ok'));
      return { value, text: unwrittenText(value) ?? operation.text?.(value) ?? plainText(value) };
    } catch (error) {
      const fault = toFault(error);
      log.warn('call', { ...done(fault.code), ...(fault.code === 'internal' && { error: fault.cause ?? fault }) });
      throw fault;
    }
  };
  return {
    call(operation, args, caller) {
      const walking = walk(operation, args, caller);
      const settled = walking.catch(() => {}).finally(() => inFlight.delete(settled));
      inFlight.add(settled);
      return walking;
    },
    async drain(ms) {
      // A request that has just been read starts its call in a later turn.
      await setImmediate();
      await Promise.race([Promise.all(inFlight), setTimeout(ms)]);
      await setImmediate();
    },
  };
}

/** A value as lines of `key: value`, members of a member on the same line. */
function plainText(value: Readonly<Record<string, unknown>>): string {
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${key}: ${typeof member === 'string' ? member : inLine(member)}`)
    .join('\n');
}

function inLine(value: unknown): string {
  if (Array.isArray(value)) return value.map(inLine).join(', ');
  // Somebody else's text must not pass for a further member.
  if (typeof value === 'string') return /^[\w.:@+-]*$/.test(value) ? value : JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return members.map(([key, member]) => `${key} ${inLine(member)}`).join('; ');
}
