import * as z from 'zod';
import { Fault } from '../core/errors.ts';
import { readAlertLink } from './alert_link.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** Keys that known hosts add to the arguments of a call. A row is passed over only whole: `action` alone is a guess. */
const HOST_KEYS = [
  ['toolCallId'], // n8n
  ['sessionId', 'action', 'chatInput'], // n8n behind a chat trigger
  ['task_progress'], // Cline
  ['wait_for_previous'], // Gemini CLI
] as const;

/**
 * Undoes what hosts and models do to the form of arguments where that cannot change the meaning. An argument that its
 * schema accepts stays as it is, and so does all that has no other form; the schema then refuses that.
 * @param origin of the tenant, whose portal's links may stand for alert ids
 * @throws Fault `invalid_input` for a link to another portal
 */
export function toStrictForm(schema: z.ZodObject, args: Arguments, origin: string): Arguments {
  const passedOver = HOST_KEYS.filter((row) => row.every((key) => key in args && !(key in schema.shape))).flat();
  const isPassedOver = (name: string) => passedOver.some((key) => key === name);
  const entries = Object.entries(args).flatMap(([name, value]): [string, unknown][] => {
    const argument: unknown = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
    if (!(argument instanceof z.core.$ZodType)) return isPassedOver(name) ? [] : [[name, value]];
    if (value === null && accepts(argument, undefined)) return [];
    return [[name, strictValue(argument, value, { name, origin })]];
  });
  return Object.fromEntries(entries);
}

/** Where a value stands. */
interface Place {
  /** Of the argument. */
  readonly name: string;
  readonly origin: string;
}

function strictValue(schema: z.core.$ZodType, value: unknown, place: Place): unknown {
  if (accepts(schema, value)) return value;
  const kind = kindOf(schema);
  if (kind instanceof z.ZodArray) {
    const toMember = (member: unknown) => strictValue(kind.element, member, place);
    const isMember = (text: string) => accepts(kind.element, toMember(text));
    const members = typeof value === 'string' ? membersIn(value, isMember) : value;
    return Array.isArray(members) ? members.map(toMember) : value;
  }
  if (typeof value === 'number') return textOf(schema, value) ?? value;
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (kind instanceof z.ZodNumber) return isWhole(text) ? Number(text) : value;
  if (kind instanceof z.ZodBoolean) return BOOLEANS.get(text.toLowerCase()) ?? value;
  return spellingsOf(text, place).find((spelling) => accepts(schema, spelling)) ?? value;
}

/** A time in ms may arrive as a number; any other number where text is meant is a mistake. */
function textOf(schema: z.core.$ZodType, value: number): string | undefined {
  const text = String(value);
  return /^\d{13}$/.test(text) && accepts(schema, text) && !accepts(schema, 'any text') ? text : undefined;
}

/** The members of a list that arrives as text: JSON, one member, or members between commas. */
function membersIn(text: string, isMember: (text: string) => boolean): readonly unknown[] | undefined {
  const list = text.trim();
  if (list === '') return undefined;
  return fromJson(list) ?? (isMember(list) ? [list] : list.split(',').map((member) => member.trim()));
}

function fromJson(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** True for a whole number as JSON writes it: `20`, not `020`, `+20`, `20.0` or `2e1`. */
function isWhole(text: string): boolean {
  return Number.isSafeInteger(Number(text)) && String(Number(text)) === text;
}

/** Some hosts write `True`, as Python does. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

const GUID = /^(\{?)([0-9a-f]{8})(-?)([0-9a-f]{4})\3([0-9a-f]{4})\3([0-9a-f]{4})\3([0-9a-f]{12})(\}?)$/i;

const ELSEWHERE = "a link leads to another portal than this tenant's; give ids that this server has returned.";

/** Other spellings of an id or a word. */
function spellingsOf(text: string, { name, origin }: Place): string[] {
  const [, open = '', a, , b, c, d, e, close = ''] = GUID.exec(text) ?? [];
  const guid = a !== undefined && open.length === close.length ? [[a, b, c, d, e].join('-')] : [];
  const link = /^alert_ids?$/.test(name) ? readAlertLink(text, origin) : undefined;
  if (link?.elsewhere) throw new Fault('invalid_input', `${name}: ${ELSEWHERE}`);
  return [text, ...guid, ...(link ? [link.id] : [])];
}

function accepts(schema: z.core.$ZodType, value: unknown): boolean {
  return z.safeParse(schema, value).success;
}

/** What an argument holds, below defaults, options and transforms. */
function kindOf(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod;
  const inner: unknown = 'innerType' in def ? def.innerType : 'in' in def ? def.in : undefined;
  return inner instanceof z.core.$ZodType ? kindOf(inner) : schema;
}
