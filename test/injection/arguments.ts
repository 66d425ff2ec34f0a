import * as z from 'zod';
import { faceOf } from '../../src/mcp/tool_face.ts';
import type { Resource } from '../../src/tool/resource.ts';
import type { Tool } from '../../src/tool/tool.ts';
import { type Args, argsFor, hasValues, valuesFor } from '../samples.ts';
import { leavesOf } from './json.ts';
import { DEMO } from './records.ts';

const Argument = z.object({
  type: z.string(),
  default: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.number().optional(),
  maxItems: z.number().optional(),
  enum: z.array(z.string()).optional(),
  items: z.object({ enum: z.array(z.string()).optional() }).optional(),
});
const Schema = z.object({ properties: z.record(z.string(), Argument) });
type Argument = z.output<typeof Argument>;

/** Read once for each tool, because they are asked for with every call. */
const known = new Map<Tool, Readonly<Record<string, Argument>>>();

/** The arguments that a tool takes, by name. */
export function argumentsOf(tool: Tool): Readonly<Record<string, Argument>> {
  const properties = known.get(tool) ?? Schema.parse(faceOf(tool).inputSchema).properties;
  known.set(tool, properties);
  return properties;
}

/**
 * The arguments of test/samples.ts and those that have a default, each so that the answer shows as much as it can: a
 * number at its maximum, the last value of an enumeration; of a tool that reads, no filter that can be left out.
 */
export function widestArgs(tool: Tool): Args {
  const sample = argsFor(tool.name);
  const needed = tool.effect === 'read' ? neededOf(tool) : sample;
  const entries = Object.entries(argumentsOf(tool)).flatMap(([name, argument]) => {
    const given = needed[name] ?? argument.default;
    return given === undefined ? [] : [[name, widest(argument, given)]];
  });
  return { ...Object.fromEntries(entries), ...shortestWaits(tool) };
}

/** The arguments of test/samples.ts that cannot be left out, and those that name what the tenant has. */
function neededOf(tool: Tool): Args {
  const isNeeded = ([name]: [string, unknown]) =>
    hasValues(name) || !tool.input.shape[name]?.safeParse(undefined).success;
  return Object.fromEntries(Object.entries(argsFor(tool.name)).filter(isNeeded));
}

function widest({ maximum, enum: values }: Argument, given: unknown): unknown {
  if (typeof given === 'number') return maximum ?? given;
  return values?.at(-1) ?? given;
}

/** A test does not wait for what does not come. */
export function shortestWaits(tool: Tool): Args {
  const waits = Object.entries(argumentsOf(tool)).filter(([name]) => name.endsWith('_seconds'));
  return Object.fromEntries(waits.map(([name, { minimum = 0 }]) => [name, minimum]));
}

/** Arguments in which an agent says something in its own words, with the most characters that each may have. */
export function freeTextsOf(tool: Tool): [name: string, most: number][] {
  return Object.entries(argumentsOf(tool)).flatMap(([name, { type, maxLength, enum: values }]) =>
    type === 'string' && maxLength !== undefined && values === undefined && !/_id$/u.test(name)
      ? [[name, maxLength]]
      : [],
  );
}

/** Addresses of a resource in the demo tenant. @throws Error that says what is missing */
export function urisOf({ uri, params }: Resource): string[] {
  return Object.keys(params.shape).reduce(
    (uris, name) => {
      const values = valuesFor(name, DEMO).slice(0, 2).map(String);
      if (values.length === 0) throw new Error(`${uri}: add values of ${name} to VALUES in test/samples.ts.`);
      return uris.flatMap((each) => values.map((value) => each.replace(`{${name}}`, encodeURIComponent(value))));
    },
    [String(uri)],
  );
}

/** What arguments say, number by number and text by text. */
export function valuesIn(args: unknown): string[] {
  if (typeof args === 'number') return [String(args)];
  if (typeof args !== 'object' || args === null) return leavesOf(args).map(({ text }) => text);
  return Object.values(args).flatMap(valuesIn);
}
