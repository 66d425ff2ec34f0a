import type * as z from 'zod';
import { Fault } from './errors.ts';
import { unknownName } from './suggest.ts';
import type { Operation } from './tool.ts';

/**
 * Arguments as the operation wants them.
 * @throws Fault `invalid_input` that names each argument at fault, before anything is sent
 */
export function checkInput(operation: Operation, args: unknown): Record<string, unknown> {
  const parsed = operation.input.safeParse(args ?? {});
  if (parsed.success) return parsed.data;
  const names = Object.keys(operation.input.shape);
  const faults = parsed.error.issues.slice(0, 5).map((issue) => sentence(issue, names));
  throw new Fault('invalid_input', `${faults.join(' ')} Arguments of ${operation.name}: ${names.join(', ')}.`);
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
