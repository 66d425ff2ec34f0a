import * as z from 'zod';
import type { Effect, Tool } from '../tool/tool.ts';

/** A JSON Schema of an object, as `tools/list` requires it. */
type ObjectSchema = { type: 'object'; [key: string]: unknown };

/** What a model does not need to know beforehand: an error says it. Each would cost tokens in every conversation. */
const UNLISTED = ['pattern', 'minLength', 'maxLength', 'minItems', 'maxItems'] as const;

/**
 * The schema as it is listed. It has no `$schema`, because Claude Desktop refuses the draft that zod names. To save
 * tokens in every conversation it also has no patterns, lengths, bounds of safe integers and least numbers of 1. That
 * of an answer has no `required`, `additionalProperties` or `enum`, and says of the rows of a list only that they are
 * objects: docs/tools.md shows their members.
 */
function publish(schema: z.ZodObject, io: 'input' | 'output'): ObjectSchema {
  const { $schema: _, ...published } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema, path }) {
      for (const keyword of UNLISTED) delete jsonSchema[keyword];
      if (io === 'output') {
        delete jsonSchema.required;
        delete jsonSchema.additionalProperties;
        delete jsonSchema.enum;
        if (path.length > 0) delete jsonSchema.properties;
      }
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER || jsonSchema.minimum === 1) delete jsonSchema.minimum;
    },
  });
  return { ...published, type: 'object' };
}

/** Hints are advice to the client; the server's own write policy does not depend on them. */
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

/** What `tools/list` says about a tool. */
export function faceOf(tool: Tool) {
  const { name, title, description, operationId, ui } = tool;
  const meta = {
    ...(operationId !== undefined && { operationId }),
    ...(ui !== undefined && { ui: { resourceUri: ui } }),
  };
  return {
    name,
    title,
    description,
    inputSchema: publish(tool.input, 'input'),
    outputSchema: publish(tool.output, 'output'),
    annotations: hintsOf(tool.effect),
    ...(Object.keys(meta).length > 0 && { _meta: meta }),
  };
}

/** What is known of a tool without loading it: enough to select it, to list it, and to give an example in an error. */
export interface ListedTool extends Pick<Tool, 'name' | 'group' | 'effect'> {
  /** Valid arguments, as JSON. */
  readonly example: string;
  readonly face: ReturnType<typeof faceOf>;
}

export function toListedTool(tool: Tool): ListedTool {
  const { name, group, effect, example } = tool;
  return { name, group, effect, example: JSON.stringify(example), face: faceOf(tool) };
}
