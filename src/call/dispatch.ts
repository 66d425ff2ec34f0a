import type * as z from 'zod';
import { Fault, toFault } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Caller } from '../tool/caller.ts';
import type { Content, Resource } from '../tool/resource.ts';
import type { Poll, Source } from '../tool/source.ts';
import type { Tool, ToolApi } from '../tool/tool.ts';
import { unwrittenText } from '../writes/confirm.ts';
import type { WriteFlow } from '../writes/flow.ts';
import { type Answer, toLines } from './answer.ts';
import { checkArguments, readArguments } from './check_arguments.ts';
import { createInFlight, type InFlight } from './in_flight.ts';
import { createOpenCalls } from './open_calls.ts';

export interface DispatchOptions {
  readonly tools: readonly Tool[];
  /** Names of the tools that may be run. */
  readonly allowed: ReadonlySet<string>;
  /** Of the tenant. */
  readonly origin: string;
  /** Makes a client without writes for one caller. */
  readonly reader: (caller: Caller) => ToolApi;
  readonly pollOf: (source: Source) => Poll;
  readonly write: WriteFlow;
  readonly log: Log;
}

/**
 * The path of every tool call: are too many open? → is it allowed? → check arguments → run or write → log. All
 * resources are allowed.
 */
export interface Dispatch extends Pick<InFlight, 'drain'> {
  /** @throws Fault and nothing else */
  callTool(name: string, args: unknown, caller: Caller): Promise<Answer>;
  /** @throws Fault and nothing else */
  readResource(resource: Resource, params: unknown, caller: Caller): Promise<Content>;
}

export function createDispatch(options: DispatchOptions): Dispatch {
  const { allowed, origin, reader, log } = options;
  const tools = new Map<string, Tool>(options.tools.map((tool) => [tool.name, tool]));
  const { add, drain } = createInFlight();
  const withinLimit = createOpenCalls();
  const track = <T>(name: string, caller: Caller, call: () => Promise<T>) =>
    add(logged(name, caller, log, () => withinLimit(caller, call)));
  return {
    drain,
    callTool: (name, args, caller) =>
      track(name, caller, async () => {
        const tool = tools.get(name);
        if (!tool || !allowed.has(name)) throw new Fault('tool_withheld', `${name} is not available on this server.`);
        if (tool.effect !== 'read' && caller.client?.identity?.mayWrite === false) {
          const detail = `${name} changes something, and you have signed in for reading only.`;
          throw new Fault('tool_withheld', detail, { remedy: 'Sign in by a key without `read`, or by Alerts.Write.' });
        }
        const { value, phrase } = await run(options, tool, readArguments(tool, args, origin), caller);
        return { value, text: unwrittenText(value) ?? tool.text?.(value) ?? toLines(value), phrase };
      }),
    readResource: (resource, params, caller) =>
      track(resource.name, caller, async () =>
        resource.read(checkArguments(resource.name, resource.params, params), reader(caller)),
      ),
  };
}

/** Only a write's answer is parsed: the write flow adds to it. A read's answer comes typed from its mapper. */
async function run<Input extends Readonly<Record<string, unknown>>>(
  { reader, pollOf, write }: DispatchOptions,
  tool: Tool,
  input: Input,
  caller: Caller,
): Promise<{ readonly value: z.output<Tool['output']>; readonly phrase?: string }> {
  if ('run' in tool) return { value: await tool.run(input, reader(caller)) };
  if ('wait' in tool) return { value: await tool.wait(input, reader(caller), pollOf(tool.source)) };
  const { phrase, ...answer } = await write(tool, input, caller);
  return { value: tool.output.parse(answer), ...(typeof phrase === 'string' && { phrase }) };
}

async function logged<T>(name: string, { traceparent }: Caller, log: Log, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const trace = traceparent !== undefined && { traceparent };
  const facts = (code: string) => ({ tool: name, code, ms: Math.round(performance.now() - start), ...trace });
  try {
    const answer = await work();
    log.info('call', facts('ok'));
    return answer;
  } catch (error) {
    const fault = toFault(error);
    log.warn('call', { ...facts(fault.code), ...(fault.code === 'internal' && { error: fault.cause ?? fault }) });
    throw fault;
  }
}
