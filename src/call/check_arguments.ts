import type * as z from 'zod';
import { Fault } from '../core/errors.ts';
import { unknownName } from '../core/suggest.ts';
import type { Tool } from '../tool/tool.ts';
import { toStrictForm } from './lenient.ts';

/**
 * Parses arguments with the schema.
 * @param name of the tool or resource, for the error
 * @throws Fault `invalid_input` that names up to five wrong arguments
 */
export function checkArguments(name: string, schema: z.ZodObject, args: unknown): Record<string, unknown> {
  const parsed = schema.safeParse(args ?? {});
  if (parsed.success) return parsed.data;
  const names = Object.keys(schema.shape);
  const faults = parsed.error.issues.slice(0, 5).map((issue) => sentence(issue, names));
  throw new Fault('invalid_input', `${faults.join(' ')} Arguments of ${name}: ${names.join(', ')}.`);
}

/**
 * Parses the arguments of a tool call, in whatever form the host or the model has given them.
 * @param origin of the tenant
 * @throws Fault `invalid_input`
 */
export function readArguments(
  { name, input }: Pick<Tool, 'name' | 'input'>,
  args: unknown,
  origin: string,
): Record<string, unknown> {
  const strict = input.safeParse(args ?? {});
  if (strict.success) return strict.data;
  return checkArguments(name, input, isRecord(args) ? toStrictForm(input, args, origin) : args);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sentence(issue: z.core.$ZodIssue, names: readonly string[]): string {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
    return issue.keys
      .slice(0, 5)
      .map((key) => unknownName('argument', key, names))
      .join(' ');
  }
  const place = issue.path.reduce<string>(
    (text, key) => text + (typeof key === 'number' ? `[${key}]` : String(key)),
    '',
  );
  return `${place || 'arguments'}: ${issue.message}.`;
}
