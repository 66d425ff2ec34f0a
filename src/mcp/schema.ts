import * as z from 'zod';
import type { Effect, Tool } from '../tool.ts';

/** A JSON Schema of an object, as `tools/list` wants it. */
type ObjectSchema = { type: 'object'; [key: string]: unknown };

/**
 * The schema as hosts can take it: without `$schema` (Claude Desktop refuses the draft that is named), and without what
 * zod adds for its own checks but every conversation would pay for: patterns, the bounds of safe integers, and of
 * answers, which the corridor has parsed strictly, that they are complete and closed.
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

/** Hints are advice to the client; the server's own policy does not rest on them. */
function hintsOf(effect: Effect) {
  return {
    readOnlyHint: effect === 'read',
    destructiveHint: effect === 'destroy',
    // Every write of the connector sets a state; setting it again changes nothing more.
    idempotentHint: true,
    // Answers carry text that people outside the tenant may have written.
    openWorldHint: true,
  };
}

/** The face of a tool: all that an agent sees of it before it calls. */
export function faceOf(tool: Tool) {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: publish(tool.input, 'input'),
    outputSchema: publish(tool.output, 'output'),
    annotations: hintsOf(tool.effect),
    _meta: { operationId: tool.operationId },
  };
}

/** What of a tool is known without loading it: enough to choose it, to list it, and to mend a wrong call. */
export interface Listed extends Pick<Tool, 'name' | 'group' | 'effect'> {
  /** Valid arguments, as JSON. */
  readonly example: string;
  readonly face: ReturnType<typeof faceOf>;
}

export function listedOf(tool: Tool): Listed {
  const { name, group, effect, example } = tool;
  return { name, group, effect, example: JSON.stringify(example), face: faceOf(tool) };
}
