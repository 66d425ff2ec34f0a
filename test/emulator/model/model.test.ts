import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../../src/emulator/emulator.ts';
import { request, START } from '../harness.ts';
import { activities, alerts, catalogue, discovered, entities, files, type List, policies, subnets } from './lists.ts';
import { type Field, OPERATORS, passes } from './scan.ts';

type State = Emulator['state'];
type Filters = Record<string, Record<string, unknown>>;

let emulator: Emulator;

beforeAll(async () => {
  emulator = await createEmulator({ callsPerMinute: 0, now: () => START, ordinaryWork: false });
});
afterAll(() => emulator.close());

const post = (path: string, body: unknown) =>
  request(emulator.url + path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { authorization: `Token ${emulator.token}` },
  });

/** Numbers from which a condition is made: which field, which operator, which of the values that the records have. */
const condition = fc.record({ field: fc.nat(), operator: fc.nat(), picks: fc.array(fc.nat(), { minLength: 1 }) });
const call = fc.record({
  conditions: fc.array(condition, { maxLength: 3 }),
  sort: fc.nat(),
  isAscending: fc.boolean(),
  limit: fc.integer({ min: 30, max: 130 }),
});

model('alerts', alerts);
model('activities', activities);
model('entities', entities);
model('files', files);
model('subnets', subnets);
model('policies', policies);
model('discovered apps', discovered);
model('app catalogue', catalogue);

/** What the list answers must be what a plain scan of the state finds, for any filters, order and page size. */
function model<T>(name: string, list: List<T>): void {
  const fields = Object.entries(list.fields);
  const pairs = fields.flatMap(([wire, field]) => field.operators.map((operator) => [wire, operator, field] as const));

  describe(`the list of ${name}`, () => {
    test.each(pairs)('knows %s with %s', async (wire, operator, field) => {
      for (const pick of [0, 7, 100]) {
        const value = valueFor(list, field, operator, [pick, pick * 13 + 1, pick + 3]);
        await expectScanned(list, { [wire]: { [operator]: value } }, { limit: 100 });
      }
    });

    test.each(fields)('refuses every other operator with %s', async (wire, { operators }) => {
      const others = OPERATORS.filter((operator) => !operators.includes(operator));
      const conditions = Object.fromEntries(others.map((operator) => [operator, true]));
      const { status, json } = await post(list.path, { filters: { [wire]: conditions } });
      const refused = json.filters.map(
        (entry: { errorMessageParams: { value: string } }) => entry.errorMessageParams.value,
      );
      expect([status, refused]).toEqual([400, others]);
    });

    test('answers any combination as a scan of its records does', () =>
      fc.assert(
        fc.asyncProperty(call, async ({ conditions, sort, isAscending, limit }) => {
          const filters: Filters = {};
          for (const { field: index, operator, picks } of conditions) {
            const [wire, chosen, field] = at(pairs, index + operator);
            filters[wire] = { ...filters[wire], [chosen]: valueFor(list, field, chosen, picks) };
          }
          const [sortField] = at(Object.entries(list.sorts), sort);
          await expectScanned(list, filters, { limit, sortField, sortDirection: isAscending ? 'asc' : 'desc' });
        }),
        { numRuns: 20 },
      ));
  });
}

const at = <T>(from: readonly T[], index: number): T => {
  const found = from[index % from.length];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};

/** A value that a caller may send: mostly one that some record has, so that it finds something. */
function valueFor<T>(list: List<T>, field: Field<T, State>, operator: string, picks: readonly number[]): unknown {
  const values = valuesOf(list, field);
  const fallback = { text: 'none', id: '0'.repeat(24), number: 4, time: START, flag: true, key: { id: 'none' } }[
    field.kind
  ];
  const chosen = picks.slice(0, 3).map((pick) => (values.length > 0 ? at(values, pick) : fallback));
  const [first] = chosen;
  if (operator === 'isset' || operator === 'isnotset') return true;
  if (/ndays$/.test(operator)) return (picks[0] ?? 0) % 25;
  if (operator === 'range') {
    const [start = 0, end = start] = chosen.map(Number).sort((a, b) => a - b);
    return [{ start, end }];
  }
  if (list.meaning && operator === 'eq' && field.kind === 'number' && 'score eq' in list.meaning) {
    const [least = 0, most = least] = chosen.map(Number).sort((a, b) => a - b);
    return [least, most];
  }
  if (/^[gl]te?$/.test(operator)) return Number(first);
  if (/with|contains|^text$/.test(operator)) return partsOf(operator, chosen);
  return chosen.length === 1 ? first : chosen;
}

const pools = new Map<unknown, readonly unknown[]>();

function valuesOf<T>(list: List<T>, field: Field<T, State>): readonly unknown[] {
  const { state } = emulator;
  const pool = pools.get(field) ?? list.records(state, {}).flatMap((record) => field.values(record, state));
  pools.set(field, pool);
  return pool;
}

function partsOf(operator: string, chosen: readonly unknown[]): unknown {
  const parts = chosen.map((value) => {
    const text = typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : String(value);
    const half = Math.ceil(text.length / 2);
    if (operator === 'endswith') return text.slice(half);
    return /^(contains|ncontains|text)$/.test(operator) ? text.slice(1, half + 1) : text.slice(0, half);
  });
  return /single|^text$/.test(operator) ? parts[0] : parts;
}

interface Order {
  limit: number;
  sortField?: string;
  sortDirection?: 'asc' | 'desc';
}

/** Reads every page, and compares with a scan: the same records, each once, in order. */
async function expectScanned<T>(list: List<T>, filters: Filters, order: Order): Promise<void> {
  const { state } = emulator;
  const expected = list.records(state, filters).filter((record) =>
    Object.entries(filters).every(([wire, conditions]) =>
      Object.entries(conditions).every(([operator, value]) => {
        const field = list.fields[wire];
        const meaning = list.meaning?.[`${wire} ${operator}`] ?? operator;
        return field && passes(field.kind, meaning, value, field.values(record, state), START);
      }),
    ),
  );
  const found: (string | number)[] = [];
  for (let more = true; more; ) {
    const { status, json } = await post(list.path, { filters, ...order, skip: found.length });
    expect([status, json.total, json.moreThanTotal], JSON.stringify(filters)).toEqual([200, expected.length, false]);
    found.push(...json.data.map(list.id));
    more = json.hasNext;
  }
  expect([...found].sort(), JSON.stringify(filters)).toEqual(expected.map(list.id).sort());
  const sortOf = list.sorts[order.sortField ?? ''];
  if (!sortOf) return;
  const keys = new Map(expected.map((record) => [list.id(record), sortOf(record)]));
  const inOrder = found.map((id) => keys.get(id) ?? '');
  const sign = order.sortDirection === 'asc' ? 1 : -1;
  expect(inOrder).toEqual([...inOrder].sort((a, b) => (a === b ? 0 : sign * (a < b ? -1 : 1))));
}
