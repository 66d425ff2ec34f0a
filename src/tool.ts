import type { z } from 'zod';
import type { Api } from './http/api.ts';
import type { Feed } from './model/feed.ts';

/** What a tool does to the tenant. Hints, write policy, README column and tests all derive from this one word. */
export type Effect = 'read' | 'write' | 'destroy';

/** Sets of tools that a setting can name as one. */
export const GROUPS = ['connector', 'investigate', 'manage'] as const;

/** What an operation is given: the service, bound to one call, and the alerts that arrive while it waits. */
export interface ToolApi extends Api {
  readonly feed: Feed;
  readonly signal: AbortSignal;
}

/** What the corridor needs of anything that can be called. */
export interface Operation<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly input: Input;
  readonly output: Output;
  /** The answer in words where the plain rendering of the value would be long. */
  readonly text?: (output: z.output<Output>) => string;
  // A method, not a property: only so can operations with different inputs stand in one list.
  run(input: z.output<Input>, api: ToolApi): Promise<z.output<Output>>;
}

/** The identity, for the types: lets `run` know its input and output. */
export function defineOperation<Input extends z.ZodObject, Output extends z.ZodObject>(
  operation: Operation<Input, Output>,
): Operation<Input, Output> {
  return operation;
}

/** An operation of the connector as an agent sees it. */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject>
  extends Operation<Input, Output> {
  /** The connector's operation id (connector-reference.txt), such as `MCAS_GET_POLICY`. */
  readonly operationId: `MCAS_${string}`;
  readonly title: string;
  /** For the agent: what it returns, when to use it, what it changes. */
  readonly description: string;
  /** `destroy` for what this connector cannot undo, or what takes protection or access away. */
  readonly effect: Effect;
  readonly group: (typeof GROUPS)[number];
  /** Arguments that work against the demo tenant; shown in errors and run by the tests. */
  readonly example: z.input<Input>;
}

type Definition<Input extends z.ZodObject, Output extends z.ZodObject> = Omit<Tool<Input, Output>, 'name' | 'group'> &
  Partial<Pick<Tool, 'name' | 'group'>>;

/** Makes a tool of its words, schemas and run; its name follows from the operation id unless it is given. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: Definition<Input, Output>,
): Tool<Input, Output> {
  const name = definition.operationId.replace('MCAS_', 'mdca_').toLowerCase();
  return { name, group: 'connector', ...definition };
}
