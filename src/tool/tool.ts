import type * as z from 'zod';
import type { ReadApi, WriteApi } from '../http/client.ts';
import type { Group } from './groups.ts';
import type { Approved, Plan } from './plan.ts';
import type { Poll, Source } from './source.ts';
import { confirmInput } from './write_output.ts';

/** What a tool does to the tenant. Hints, write policy, the tables in README and docs, and tests derive from it. */
export type Effect = 'read' | 'write' | 'destroy';

/** The service, bound to one call that may be cancelled. */
export interface ToolApi extends ReadApi {
  readonly signal: AbortSignal;
  /** Aborted when the server ends: who waits answers at once. */
  readonly ending: AbortSignal;
  /** The most tokens that an answer should have, as text and as value; 0: no bound. */
  readonly answerTokens: number;
}

type Example<Args> = { readonly [Name in keyof Args]: Args[Name] | `<${string}>` };

/** How a tool is shown to agents, and what it takes and returns. */
interface Face<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: `mdca_${string}`;
  /** The id of the connector's operation, such as `MCAS_GET_POLICY`; absent if the connector has no such operation. */
  readonly operationId?: `MCAS_${string}`;
  readonly group: Group;
  readonly title: string;
  /** For the agent: what it returns, when to use it, what it changes. */
  readonly description: string;
  /** `destroy` for a change that this server cannot undo, or that takes protection or access away. */
  readonly effect: Effect;
  /** The page that shows its answers in clients that can show pages (MCP Apps). */
  readonly ui?: `ui://${string}`;
  readonly input: Input;
  readonly output: Output;
  /** Arguments in their form, shown in errors; `<app_id>` for an id, so that none can be called by mistake. */
  readonly example: Example<z.input<Input>>;
  // Methods, not properties, so that one list can hold tools with different inputs.
  /** The answer as text, if lines of `key: value` would be too long. */
  text?(output: z.output<Output>): string;
}

/** A tool that reads the present state. */
export interface ReadTool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject>
  extends Face<Input, Output> {
  readonly effect: 'read';
  run(input: z.output<Input>, api: ToolApi): Promise<z.output<Output>>;
}

/** A tool that waits for new items. All callers that wait share one poll of its source. */
export interface WaitTool<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
  Query = unknown,
  Page = unknown,
> extends Face<Input, Output> {
  readonly effect: 'read';
  readonly source: Source<Query, Page>;
  wait(input: z.output<Input>, api: ToolApi, poll: Poll<Query, Page>): Promise<z.output<Output>>;
}

/** A tool that changes something. It is planned from fresh reads, and carried out only by the write flow. */
export interface WriteTool<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
  Targets extends string = string,
> extends Face<Input, Output> {
  readonly effect: 'write' | 'destroy';
  /** The argument that names what is changed. `commit` does not get it, only the approved targets. */
  readonly targets: Targets;
  /** Makes at most one call for each 100 items, or two for a single item. @throws Fault */
  plan(input: z.output<Input>, api: ReadApi): Promise<Plan<z.output<Output>>>;
  /**
   * Writes, and reads back.
   * @param approved what may be changed, freshly read; at least one target
   * @param input the arguments without the one that names the targets
   */
  commit(
    approved: Approved<z.output<Output>>,
    input: Omit<z.output<Input>, Targets>,
    api: WriteApi,
  ): Promise<z.output<Output>>;
  /** The state of each item by its id, in codes, for the audit trail. */
  after(output: z.output<Output>): Readonly<Record<string, string>>;
}

/** An operation as an agent sees it. */
export type Tool = ReadTool | WaitTool | WriteTool;

/** Defines a tool, and adds the argument `confirm` to a write. The overloads infer the types of input and output. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(tool: ReadTool<Input, Output>): Tool;
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject, Query, Page>(
  tool: WaitTool<Input, Output, Query, Page>,
): Tool;
export function defineTool<
  Input extends z.ZodObject,
  Output extends z.ZodObject,
  Targets extends keyof z.output<Input> & string,
>(tool: WriteTool<Input, Output, Targets>): Tool;
export function defineTool(tool: Tool): Tool {
  if (tool.effect === 'read') return tool;
  return { ...tool, input: tool.input.extend({ confirm: confirmInput }) };
}
