import { BlockList, isIPv4 } from 'node:net';

const DAY = 86_400_000;

/** What a filter field is about; it decides which values make sense. */
type Kind = 'text' | 'id' | 'number' | 'time' | 'flag' | 'key';

/** A documented filter field: its operators, and its values in a record as a reader of the documentation sees them. */
export interface Field<T, S> {
  kind: Kind;
  operators: readonly string[];
  values(record: T, state: S): readonly unknown[];
}

export const EQ = ['eq'] as const;
export const EQ_NEQ = ['eq', 'neq'] as const;
export const SET = ['eq', 'neq', 'isset', 'isnotset'] as const;
export const TIME = ['lte', 'gte', 'range'] as const;
export const DATE = [...TIME, 'lte_ndays', 'gte_ndays'] as const;

/** All operators of docs/defender-api.md 3.4. */
export const OPERATORS: readonly string[] = [
  ...['eq', 'neq', 'deq', 'contains', 'ncontains', 'startswith', 'doesnotstartwith', 'endswith', 'startswithsingle'],
  ...['text', 'gt', 'gte', 'lt', 'lte', 'gte_ndays', 'lte_ndays', 'range', 'isset', 'isnotset', 'descendantof'],
  ...['ndescendantof', 'cabinetmatchedrulesequals'],
];

/** Whether a record with these values passes one condition. Written apart from the emulator, one line an operator. */
export function passes(kind: Kind, operator: string, given: unknown, values: readonly unknown[], now: number): boolean {
  const wanted = [given].flat();
  const any = (meets: (value: unknown, one: unknown) => boolean) =>
    values.some((value) => wanted.some((one) => meets(value, one)));
  const text = (meets: (value: string, one: string) => boolean) =>
    any((value, one) => meets(textOf(value), String(one).toLowerCase()));
  const compare = (meets: (value: number) => boolean) => values.some((value) => meets(Number(value)));
  const bound = Number(wanted[0]);
  switch (operator) {
    case 'eq':
    case 'cabinetmatchedrulesequals':
      return any((value, one) => isSame(kind, value, one));
    case 'neq':
      return !any((value, one) => isSame(kind, value, one));
    case 'deq':
      return values.some((value) => wanted.every((one) => !isSame(kind, value, one)));
    case 'contains':
    case 'text':
      return text((value, one) => value.includes(one));
    case 'ncontains':
      return !text((value, one) => value.includes(one));
    case 'startswith':
    case 'startswithsingle':
      return text((value, one) => value.startsWith(one));
    case 'doesnotstartwith':
      return !text((value, one) => value.startsWith(one));
    case 'endswith':
      return text((value, one) => value.endsWith(one));
    case 'gt':
      return compare((value) => value > bound);
    case 'gte':
      return compare((value) => value >= bound);
    case 'lt':
      return compare((value) => value < bound);
    case 'lte':
      return compare((value) => value <= bound);
    case 'gte_ndays':
      return compare((value) => value >= now - bound * DAY);
    case 'lte_ndays':
      return compare((value) => value <= now - bound * DAY);
    case 'range':
      return any((value, one) => isInRange(Number(value), one));
    case 'bounds':
      return compare((value) => value >= Number(wanted[0]) && value <= Number(wanted[1]));
    case 'isset':
      return values.length > 0;
    case 'isnotset':
      return values.length === 0;
    default:
      throw new Error(`no meaning for ${operator}`);
  }
}

interface Key {
  id: string;
  saas?: number;
  inst?: number;
}

function isKey(value: unknown): value is Key {
  return typeof value === 'object' && value !== null && 'id' in value;
}

function isSame(kind: Kind, value: unknown, one: unknown): boolean {
  if (isKey(value) && isKey(one)) {
    const agrees = (a: unknown, b: unknown) => b === undefined || a === b;
    return textOf(value) === textOf(one) && agrees(value.saas, one.saas) && agrees(value.inst, one.inst);
  }
  if (value === null || one === null) return value === one;
  return kind === 'text' || kind === 'id' ? textOf(value) === textOf(one) : value === one;
}

const textOf = (value: unknown): string => (isKey(value) ? value.id : String(value)).toLowerCase();

function isInRange(value: number, range: unknown): boolean {
  if (typeof range !== 'object' || range === null || !('start' in range) || !('end' in range)) return false;
  return value >= Number(range.start) && value <= Number(range.end);
}

/** Whether one of these CIDRs holds an address. */
export function holds(cidrs: readonly string[], ip: string): boolean {
  return listOf(cidrs.join()).check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6');
}

const blockLists = new Map<string, BlockList>();

function listOf(cidrs: string): BlockList {
  const list = blockLists.get(cidrs) ?? new BlockList();
  if (blockLists.has(cidrs)) return list;
  blockLists.set(cidrs, list);
  for (const cidr of cidrs.split(',')) {
    const [address = '', prefix] = cidr.split('/');
    list.addSubnet(address, Number(prefix), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return list;
}
