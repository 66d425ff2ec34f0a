import type * as z from 'zod';
import type { Group } from './groups.ts';
import type { Api, ReadApi } from './http/api.ts';
import type { Feed } from './model/feed.ts';
import { confirmInput } from './model/written.ts';
import type { Plan } from './plan.ts';

/** What a tool does to the tenant. Hints, write policy, README column and tests all derive from this one word. */
export type Effect = 'read' | 'write' | 'destroy';

/** What a reading operation is given: the service, bound to one call, and the alerts that arrive while it waits. */
export interface ToolApi extends ReadApi {
  readonly feed: Feed;
  readonly signal: AbortSignal;
}

interface Described<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: string;
  readonly input: Input;
  readonly output: Output;
  // Methods, not properties: only so can operations with different inputs stand in one list.
  /** The answer in words where the plain rendering of the value would be long. */
  text?(output: z.output<Output>): string;
}

/** An operation that changes nothing. */
export interface Read<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject>
  extends Described<Input, Output> {
  run(input: z.output<Input>, api: ToolApi): Promise<z.output<Output>>;
}

/** How a change comes about: planned from fresh reads, and carried out when the corridor lets it. */
interface Change<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  /** Costs at most one call for 100 items, or two for one. @throws Fault */
  plan(input: z.output<Input>, api: ReadApi): Promise<Plan<z.output<Output>>>;
  /**
   * Writes, and reads back what a plan named.
   * @param plan as made a moment ago, with the targets that may be changed; absent where nothing was read before
   */
  commit(input: z.output<Input>, api: Api, plan?: Plan<z.output<Output>>): Promise<z.output<Output>>;
  /** The state of each item by its id, in codes, for the audit trail. */
  after(output: z.output<Output>): Readonly<Record<string, string>>;
}

/** An operation that changes something. */
export interface Write<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject>
  extends Described<Input, Output>,
    Change<Input, Output> {}

/** What the corridor needs of anything that can be called. */
export type Operation = Read | Write;

/** The identity, for the types: lets `run` know its input and output. */
export function defineOperation<Input extends z.ZodObject, Output extends z.ZodObject>(
  operation: Read<Input, Output>,
): Read<Input, Output> {
  return operation;
}

/** How an operation is shown to agents. */
interface Face<Input extends z.ZodObject> {
  /** The connector's operation id (connector-reference.txt), such as `MCAS_GET_POLICY`. */
  readonly operationId: `MCAS_${string}`;
  readonly title: string;
  /** For the agent: what it returns, when to use it, what it changes. */
  readonly description: string;
  /** `destroy` for what this connector cannot undo, or what takes protection or access away. */
  readonly effect: Effect;
  readonly group: Group;
  /** Arguments that work against the demo tenant; shown in errors and run by the tests. */
  readonly example: z.input<Input>;
}

/** An operation of the connector as an agent sees it. */
export type Tool = Face<z.ZodObject> & Operation;

type Definition<Input extends z.ZodObject, Output extends z.ZodObject> = Omit<Face<Input>, 'group' | 'effect'> &
  Partial<Pick<Face<Input>, 'group'>> & { readonly name?: string } & (
    | ({ readonly effect: 'read' } & Omit<Read<Input, Output>, 'name'>)
    | ({ readonly effect: 'write' | 'destroy' } & Omit<Write<Input, Output>, 'name'>)
  );

/** Makes a tool of its words, schemas and deeds; its name follows from the operation id unless it is given. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: Definition<Input, Output>,
): Tool {
  const name = definition.operationId.replace('MCAS_', 'mdca_').toLowerCase();
  const tool = { name, group: 'connector' as const, ...definition };
  if (tool.effect === 'read') return tool;
  return { ...tool, input: tool.input.extend({ confirm: confirmInput }) };
}
