import * as z from 'zod';
import type { Effect, Tool } from '../tool/tool.ts';

/** A JSON Schema of an object, as `tools/list` wants it. */
type ObjectSchema = { type: 'object'; [key: string]: unknown };

/**
 * The schema as hosts can take it: without `$schema` (Claude Desktop refuses the draft that is named), and without what
 * every conversation would pay for and no agent needs: patterns, the bounds of safe integers, and of answers, that they
 * are complete and closed.
 */
function publish(schema: z.ZodObject, io: 'input' | 'output'): ObjectSchema {
  const { $schema: _, ...published } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema }) {
      delete jsonSchema.pattern;
      if (io === 'output') {
        delete jsonSchema.required;
        delete jsonSchema.additionalProperties;
      }
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return { ...published, type: 'object' };
}

/** Hints advise the client; the server's own policy does not use them. */
function hintsOf(effect: Effect) {
  return {
    readOnlyHint: effect === 'read',
    destructiveHint: effect === 'destroy',
    // Every write sets a state; setting it again changes nothing more.
    idempotentHint: true,
    // Answers carry text that people outside the tenant may have written.
    openWorldHint: true,
  };
}

/** All that an agent sees of a tool before it calls it. */
export function faceOf(tool: Tool) {
  const { name, title, description, operationId } = tool;
  return {
    name,
    title,
    description,
    inputSchema: publish(tool.input, 'input'),
    outputSchema: publish(tool.output, 'output'),
    annotations: hintsOf(tool.effect),
    ...(operationId !== undefined && { _meta: { operationId } }),
  };
}

/** What the start needs of a tool: enough to select it, to list it, and to show an example in an error. */
export interface ListedTool extends Pick<Tool, 'name' | 'group' | 'effect'> {
  /** Valid arguments, as JSON. */
  readonly example: string;
  readonly face: ReturnType<typeof faceOf>;
}

export function toListedTool(tool: Tool): ListedTool {
  const { name, group, effect, example } = tool;
  return { name, group, effect, example: JSON.stringify(example), face: faceOf(tool) };
}
