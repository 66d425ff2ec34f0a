import { isRecord } from '../json.ts';
import type { Settings } from '../options.ts';
import type { Kind } from './kinds.ts';
import { accepts, type OperatorName, passes } from './operators.ts';

/** A filter field: its values in a record, and the operators that the docs allow on it, by wire name. */
interface Field<T> {
  kind: Kind;
  operators: ReadonlyMap<string, OperatorName>;
  read(record: T): readonly unknown[];
}

/** The filter fields of one resource, by wire name. */
export type Fields<T> = Readonly<Record<string, Field<T>>>;

/** A caller's `filters`, parsed. */
export interface Filter<T> {
  matches(record: T): boolean;
  /** True if there is no condition, so that every record matches: the danger of docs/defender-api.md 4.10. */
  isEmpty: boolean;
}

/** The names and values that the service answers with "is not valid". */
export interface Invalid {
  invalid: string[];
}

interface Rules extends Pick<Settings, 'unknownFilter' | 'ignoredFilters'> {
  /** ms */
  now: number;
}

type Test<T> = (record: T) => boolean;

export function field<T>(kind: Kind, operators: readonly OperatorName[], read: Field<T>['read']): Field<T> {
  return { kind, operators: new Map(operators.map((name) => [name, name])), read };
}

/** A field whose operators mean something else than their wire names say. */
export function fieldAs<T>(kind: Kind, operators: Record<string, OperatorName>, read: Field<T>['read']): Field<T> {
  return { kind, operators: new Map(Object.entries(operators)), read };
}

/** The values of a field that a record may lack. */
export const known = (...values: unknown[]): readonly unknown[] =>
  values.filter((value) => value !== null && value !== undefined);

export const toList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** Fields and operators are AND-ed, list values OR-ed (docs/defender-api.md 3.4); an empty list sets no condition. */
export function toFilter<T>(filters: unknown, fields: Fields<T>, rules: Rules): Filter<T> | Invalid {
  if (!isRecord(filters ?? {})) return { invalid: ['filters'] };
  const tests: Test<T>[] = [];
  const invalid: string[] = [];
  for (const [name, conditions] of Object.entries(filters ?? {})) {
    if (rules.ignoredFilters.includes(name)) continue;
    const documented = Object.hasOwn(fields, name) ? fields[name] : undefined;
    // A value without operator does not work (docs/defender-api.md 3.4), so it is handled like an unknown field.
    if (documented && isRecord(conditions)) readConditions(conditions, documented, rules, tests, invalid);
    else if (rules.unknownFilter === 'reject') invalid.push(name);
  }
  if (invalid.length > 0) return { invalid };
  return { matches: (record) => tests.every((test) => test(record)), isEmpty: tests.length === 0 };
}

function readConditions<T>(
  conditions: Record<string, unknown>,
  { kind, operators, read }: Field<T>,
  rules: Rules,
  tests: Test<T>[],
  invalid: string[],
): void {
  for (const [name, value] of Object.entries(conditions)) {
    const operator = operators.get(name);
    const wanted = toList(value);
    if (operator === undefined) {
      if (rules.unknownFilter === 'reject') invalid.push(name);
      continue;
    }
    const refused = wanted.filter((one) => !accepts(operator, one, kind));
    invalid.push(...refused.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))));
    if (wanted.length > 0) tests.push((record) => passes(operator, read(record), wanted, kind, rules.now));
  }
}
