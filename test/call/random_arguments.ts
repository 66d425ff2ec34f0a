import fc from 'fast-check';
import type { Tool } from '../../src/tool/tool.ts';
import { argumentsOf } from '../injection/arguments.ts';
import { type Args, argsFor } from '../samples.ts';
import { type ArgumentSchema, formsOf, HOST_KEYS, PORTAL } from './forms.ts';

/** Ids that a person would call well-formed. */
export const POOL = Array.from({ length: 1_200 }, (_, n) => `68c2a4f4c41f0a9e${n.toString(16).padStart(8, '0')}`);
const ID = POOL[0] ?? '';

/** What is nearly an id, a list, a number or a word, and what some would take for all. */
const NASTY: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e3, 1e21, 11627, '', ' ', '0', '5', ' 5 ', '1e3', '0x10', '1.5', '-5', '05'],
  ...['all', '*', 'ALL', 'open', 'null', 'undefined', '[]', '{}', '[""]', '["*"]', '[null]', '[[]]', ',', ', ,', '"'],
  ...[[], [''], ['*'], ['all'], [null], [[]], [{}], {}, { eq: [] }, { id: ID }, [[ID]], [ID, ''], [ID, null]],
  ...[`${ID},`, `${ID},,${ID}`, `${ID} ${ID}`, `[${ID}]`, `["${ID}",""]`, `${ID}0`, ID.slice(1), `{${ID}}`, `"${ID}"`],
  ...[PORTAL, `${PORTAL}/#/alerts/`, `${PORTAL}/#/alerts/all`, `https://evil.example/#/alerts/${ID}`],
  ...[
    `${PORTAL}/#/alerts/${ID}?x=1, ${PORTAL}/#/alerts/${POOL[1]}`,
    `${PORTAL}/#/policies/${ID}`,
    'Ada',
    'a@b.example',
  ],
];

/**
 * Random arguments of a tool: right ones in any form, mixed with what is wrong, missing or unknown.
 * @param wrong weight of a wrong value against that of a right one, which is 6
 */
export function randomArguments(tool: Tool, wrong = 1): fc.Arbitrary<Args> {
  const values = rightValuesOf(tool).map(([name, right]) => {
    const given = right.chain(({ forms }) => fc.constantFrom(...forms));
    return [name, fc.oneof({ weight: 6, arbitrary: given }, { weight: wrong, arbitrary: wrongValues(given) })] as const;
  });
  const known = fc.record(Object.fromEntries(values), { requiredKeys: [] });
  return fc.tuple(known, extraKeys(Object.keys(argumentsOf(tool)))).map(([args, extra]) => ({ ...args, ...extra }));
}

/** Right arguments of a tool, and the same in another form, with what hosts add. */
export function rightArguments(tool: Tool): fc.Arbitrary<{ readonly strict: Args; readonly given: Args }> {
  const values = rightValuesOf(tool).map(
    ([name, right]) =>
      [
        name,
        right.chain(({ strict, forms }) => fc.constantFrom(...forms).map((given) => ({ strict, given }))),
      ] as const,
  );
  const required: string[] = Object.keys(argsFor(tool.name));
  const known = fc.record<Record<string, { strict: unknown; given: unknown }>>(Object.fromEntries(values), {
    requiredKeys: required,
  });
  return fc.tuple(known, fc.constantFrom({}, ...HOST_KEYS)).map(([args, added]) => {
    const only = (form: 'strict' | 'given') =>
      Object.fromEntries(Object.entries(args).map(([name, value]) => [name, value[form]]));
    return { strict: only('strict'), given: { ...only('given'), ...added } };
  });
}

/** Right values of arguments that not every tool needs, by name. */
const TEXTS: Args = {
  since: '24h',
  until: '2026-01-31T08:00Z',
  modified_since: '7d',
  user: '9e6f4bda-0812-4274-a2f4-2a10b3a56faf',
  owner: '9e6f4bda-0812-4274-a2f4-2a10b3a56faf',
  ip: '192.0.2.1',
  country: 'IE',
  alert_id: ID,
  policy_id: ID,
};

interface Right {
  readonly strict: unknown;
  /** All ways to write it; the first is the strict one. */
  readonly forms: readonly unknown[];
}

function rightValuesOf(tool: Tool): [string, fc.Arbitrary<Right>][] {
  const sample = argsFor(tool.name);
  return Object.entries(argumentsOf(tool)).map(([name, schema]) => [
    name,
    rightValues(schema, sample[name] ?? TEXTS[name]).map((strict) => ({
      strict,
      forms: [strict, ...formsOf(name, schema, strict)],
    })),
  ]);
}

function rightValues(
  schema: ArgumentSchema & { minimum?: number | undefined; maximum?: number | undefined },
  sample: unknown,
): fc.Arbitrary<unknown> {
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'integer') return fc.integer({ min: schema.minimum ?? 1, max: schema.maximum ?? 99_999 });
  if (Array.isArray(sample) && /^[0-9a-f]{24}$/u.test(String(sample[0]))) return ids;
  if (schema.type === 'array' && sample === undefined) return fc.constant([firstOf(schema.items?.enum) ?? 'word']);
  return fc.constant(sample ?? 'as it is');
}

function firstOf(values: unknown): unknown {
  return Array.isArray(values) ? values[0] : undefined;
}

const ids = fc
  .oneof(
    { weight: 200, arbitrary: fc.tuple(fc.nat(POOL.length - 1), fc.integer({ min: 1, max: 4 })) },
    { weight: 1, arbitrary: fc.constantFrom([0, 100], [3, 101]) },
  )
  .map(([start = 0, count = 1]) => POOL.slice(start, start + count));

function wrongValues(right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const altered = fc.tuple(right, fc.nat(200), fc.constantFrom('', ',', '"', '[', ' ', '0', 'g', '*')).map(alter);
  return fc.oneof(fc.constantFrom(...NASTY), altered, fc.jsonValue({ maxDepth: 2 }));
}

/** One character of a text replaced. */
function alter([value, at, by]: [unknown, number, string]): unknown {
  if (Array.isArray(value))
    return value.map((member, n) => (n === at % value.length ? alter([member, at, by]) : member));
  if (typeof value !== 'string' || value === '') return [value];
  const place = at % value.length;
  return value.slice(0, place) + by + value.slice(place + 1);
}

function extraKeys(names: readonly string[]): fc.Arbitrary<Args> {
  const name = fc.constantFrom(...names);
  const typo = fc.oneof(
    name.map((one) => one.slice(1)),
    name.map((one) => one.toUpperCase()),
    fc.constantFrom(
      'filters',
      'all',
      'arguments',
      'ids',
      'action',
      'sessionId',
      'toolCallID',
      '__proto__',
      'constructor',
    ),
  );
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant({}) },
    { weight: 6, arbitrary: fc.constantFrom(...HOST_KEYS) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(typo, fc.constantFrom(null, true, 'x', []))
        .map(([key, value]) => JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`)),
    },
  );
}
