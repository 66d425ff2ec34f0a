import { isRecord } from '../json.ts';
import { type Kind, lower } from './kinds.ts';

const DAY = 24 * 60 * 60 * 1000;

/** One operator of docs/defender-api.md 3.4. `wanted` is one value of the caller's list. */
interface Operator {
  accepts(wanted: unknown, kind: Kind): boolean;
  /** Whether one value of the record meets one wanted value. */
  meets(actual: unknown, wanted: unknown, kind: Kind, now: number): boolean;
  /**
   * How the results for the single values are combined: one pair meets, no pair meets, a value of the record meets no
   * wanted one, a value meets both the first and the last wanted one, or only whether the record has a value counts.
   */
  join: 'some' | 'none' | 'differs' | 'bounds' | 'presence' | 'absence';
}

const isText = (wanted: unknown): boolean => typeof wanted === 'string';
const isNumber = (wanted: unknown): boolean => typeof wanted === 'number';

const equal: Omit<Operator, 'join'> = {
  accepts: (wanted, kind) => kind.accepts(wanted),
  meets: (actual, wanted, kind) => kind.same(actual, wanted),
};

function onText(compare: (actual: string, wanted: string) => boolean): Omit<Operator, 'join'> {
  return { accepts: isText, meets: (actual, wanted, { text }) => compare(lower(text(actual)), lower(wanted)) };
}

function onNumber(compare: (actual: number, wanted: number, now: number) => boolean): Operator {
  const meets = (actual: unknown, wanted: unknown, _kind: Kind, now: number) =>
    compare(Number(actual), Number(wanted), now);
  return { accepts: isNumber, meets, join: 'some' };
}

const contains = onText((actual, wanted) => actual.includes(wanted));
const startsWith = onText((actual, wanted) => actual.startsWith(wanted));

const range: Operator = {
  accepts: (wanted) => isRecord(wanted) && isNumber(wanted.start) && isNumber(wanted.end),
  meets: (actual, wanted) =>
    isRecord(wanted) && Number(actual) >= Number(wanted.start) && Number(actual) <= Number(wanted.end),
  join: 'some',
};

const isTrue = (wanted: unknown): boolean => wanted === true;

const operators = {
  eq: { ...equal, join: 'some' },
  neq: { ...equal, join: 'none' },
  deq: { ...equal, join: 'differs' },
  cabinetmatchedrulesequals: { ...equal, join: 'some' },
  contains: { ...contains, join: 'some' },
  ncontains: { ...contains, join: 'none' },
  startswith: { ...startsWith, join: 'some' },
  doesnotstartwith: { ...startsWith, join: 'none' },
  startswithsingle: { ...startsWith, join: 'some' },
  endswith: { ...onText((actual, wanted) => actual.endsWith(wanted)), join: 'some' },
  text: { ...contains, join: 'some' },
  gt: onNumber((actual, wanted) => actual > wanted),
  gte: onNumber((actual, wanted) => actual >= wanted),
  lt: onNumber((actual, wanted) => actual < wanted),
  lte: onNumber((actual, wanted) => actual <= wanted),
  gte_ndays: onNumber((actual, wanted, now) => actual >= now - wanted * DAY),
  lte_ndays: onNumber((actual, wanted, now) => actual <= now - wanted * DAY),
  range,
  /** The wire calls it `eq`: the score of an app is from the first to the second value (docs/defender-api.md 7.1). */
  bounds: { accepts: isNumber, meets: (actual, wanted) => actual === wanted, join: 'bounds' },
  isset: { accepts: isTrue, meets: () => true, join: 'presence' },
  isnotset: { accepts: isTrue, meets: () => true, join: 'absence' },
} as const satisfies Record<string, Operator>;

export type OperatorName = keyof typeof operators;

/** Whether a caller may ask for this value with this operator. */
export function accepts(name: OperatorName, wanted: unknown, kind: Kind): boolean {
  return operators[name].accepts(wanted, kind);
}

/** Whether a record passes: wanted values are OR-ed; a negative operator allows none (docs/defender-api.md 3.4). */
export function passes(
  name: OperatorName,
  actual: readonly unknown[],
  wanted: readonly unknown[],
  kind: Kind,
  now: number,
): boolean {
  const operator: Operator = operators[name];
  if (operator.join === 'presence') return actual.length > 0;
  if (operator.join === 'absence') return actual.length === 0;
  if (operator.join === 'bounds') return actual.some((value) => isBetween(Number(value), wanted));
  const meetsOne = (value: unknown) => wanted.some((one) => operator.meets(value, one, kind, now));
  if (operator.join === 'differs') return !actual.every(meetsOne);
  return actual.some(meetsOne) === (operator.join === 'some');
}

function isBetween(value: number, wanted: readonly unknown[]): boolean {
  return value >= Number(wanted[0]) && value <= Number(wanted.at(-1));
}
