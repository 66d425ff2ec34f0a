import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTenant } from '../../src/emulator/tenant/tenant.ts';
import { type Fixture, textOf, tools, withFixture } from '../fixture.ts';
import type { Args } from '../samples.ts';
import { type Argument, LISTS, type ListTool, type State } from './filters.ts';

/** As programs run it, and with nothing that waits for the budget. */
const ENVIRONMENT = { MDCA_ANSWER_TOKENS: '0', MDCA_CALLS_PER_MINUTE: '1000000' };
const PAGE = 100;

/** The arguments that say which part of a list is shown. */
const PAGING = ['limit', 'cursor'];

const isList = ({ input, effect }: (typeof tools)[number]) =>
  effect === 'read' && PAGING.every((name) => name in input.shape) && !('wait_seconds' in input.shape);

test.each(tools.filter(isList).map((tool) => [tool.name, tool] as const))(
  '%s: each argument has a row in test/tools/filters.ts',
  (name, { input }) => {
    const rows = LISTS[name]?.((list) => Object.keys(list.arguments));
    expect(rows, `LISTS of test/tools/filters.ts has no line for ${name}`).toBeDefined();
    expect(Object.keys(input.shape).toSorted()).toEqual([...(rows ?? []), ...PAGING].toSorted());
  },
);

const DEMO = createTenant(Date.now()).state;

/** Each argument that sends a filter whose meaning a record tells, with the fields of that filter. */
const CHECKED = Object.entries(LISTS).flatMap(([name, listed]) =>
  listed((list) =>
    Object.entries(list.arguments).flatMap(([argument, row]) => {
      const fields = row.values(DEMO).flatMap((value) => Object.keys(row.filters(value)));
      return row.unchecked === undefined && fields.length > 0 ? [[name, argument, fields, listed] as const] : [];
    }),
  ),
);

/** Like activities would be one row, and more than 1,000 are no answer of one call. */
function distinguish({ activities }: State): void {
  activities.splice(1000);
  for (const activity of activities) activity.description = `Did ${activity._id}`;
}

async function inTenant(run: (fixture: Fixture) => Promise<void>, ignored: readonly string[] = []): Promise<void> {
  const options = { environment: ENVIRONMENT, emulator: { ignoredFilters: ignored } };
  await withFixture(async (fixture) => {
    distinguish(fixture.emulator.state);
    await run(fixture);
  }, options);
}

/** The ids that a call answers, in its order. */
async function answered<T>(call: Fixture['call'], name: string, { member }: ListTool<T>, args: Args) {
  const result = await call(name, { limit: 1000, ...args });
  expect(result.isError, textOf(result)).toBeFalsy();
  const { [member]: records = [], ...counts } = result.structuredContent as Record<string, { id: string }[]>;
  return { ids: records.map(({ id }) => id), counts };
}

type Chosen<T> = readonly (readonly [argument: Argument<T>, value: unknown])[];

/** The arguments as the table has them, and those that the tool needs beside them. */
function choose<T>(list: ListTool<T>, args: Args): { args: Args; chosen: Chosen<T> } {
  const whole = Object.keys(list.needs).length > 0 && !hasNeeded(list, args) ? { ...list.needs, ...args } : args;
  const chosen = Object.entries(whole).map(([name, value]) => {
    const argument = list.arguments[name];
    if (!argument) throw new Error(`no row for ${name}`);
    return [argument, value] as const;
  });
  return { args: whole, chosen };
}

/** Whether nothing has to be added; a list of activities is not narrowed by who is an administrator, or by time. */
function hasNeeded<T>({ needs }: ListTool<T>, args: Args): boolean {
  if ('user_id' in needs) return 'user_id' in args;
  return Object.keys(args).some((name) => !['admin_only', 'since', 'until'].includes(name));
}

function scanned<T>(list: ListTool<T>, chosen: Chosen<T>, state: State): T[] {
  return list
    .records(state)
    .filter((record) => chosen.every(([argument, value]) => argument.keeps(record, value, state)));
}

/** Calls, and compares the request with the documented one, and the answer with a scan of the tenant. */
async function compare<T>(fixture: Fixture, name: string, list: ListTool<T>, given: Args): Promise<number> {
  const { args, chosen } = choose(list, given);
  const { emulator } = fixture;
  emulator.requests.length = 0;
  const { ids, counts } = await answered(fixture.call, name, list, args);
  const [first] = emulator.requests;
  const orders = chosen.flatMap(([argument, value]) => argument.order?.(value) ?? []);
  const { sort, key } = orders[0] ?? list;
  const filters = [list.always, ...chosen.map(([argument, value]) => argument.filters(value))];
  const merged: Record<string, object> = {};
  for (const each of filters)
    for (const [field, tests] of Object.entries(each)) merged[field] = { ...merged[field], ...tests };
  expect([first?.method, first?.path, first?.body], JSON.stringify(args)).toEqual([
    'POST',
    list.path,
    { filters: merged, ...sort, skip: 0, limit: PAGE },
  ]);
  const records = scanned(list, chosen, emulator.state);
  expect(ids.toSorted(), JSON.stringify(args)).toEqual(records.map(list.id).toSorted());
  expect(counts, JSON.stringify(args)).toMatchObject({ returned: records.length, has_more: false });
  const keys = new Map(records.map((record) => [list.id(record), key(record)]));
  const inOrder = ids.map((id) => keys.get(id) ?? '');
  const sign = sort.sortDirection === 'asc' ? 1 : -1;
  expect(inOrder).toEqual([...inOrder].sort((a, b) => (a === b ? 0 : sign * (a < b ? -1 : 1))));
  return records.length;
}

describe.each(Object.entries(LISTS))('%s', (name, listed) => {
  const names = listed((list) => Object.keys(list.arguments));

  test.each(names)('%s sends the documented filter, and answers what a scan finds', (argument) =>
    inTenant((fixture) =>
      listed(async (list) => {
        const found: number[] = [];
        for (const value of list.arguments[argument]?.values(fixture.emulator.state) ?? [])
          found.push(await compare(fixture, name, list, { [argument]: value }));
        expect(Math.max(...found), 'no value finds anything').toBeGreaterThan(0);
      }),
    ),
  );

  test('any arguments together mean what each of them means', () =>
    inTenant((fixture) =>
      listed(async (list) => {
        const { state } = fixture.emulator;
        const values = Object.entries(list.arguments).map(
          ([each, argument]) => [each, fc.constantFrom(...argument.values(state))] as const,
        );
        const args = fc.record(Object.fromEntries(values), { requiredKeys: [] });
        const isPossible = ({ since = '', until = '9' }: { since?: unknown; until?: unknown }) =>
          String(since) <= String(until);
        const property = fc.asyncProperty(args.filter(isPossible), async (given) => {
          const { chosen } = choose(list, given);
          // Where no app in use is found, those of the catalogue are looked through.
          if (name === 'mdca_find_apps' && scanned(list, chosen, state).length === 0) return;
          await compare(fixture, name, list, given);
        });
        await fc.assert(property, { numRuns: 40 });
      }),
    ));

  test('cursor by cursor, all come in their order, each once', () =>
    inTenant((fixture) =>
      listed(async (list) => {
        const { args } = choose(list, {});
        const whole = await answered(fixture.call, name, list, args);
        const limit = Math.max(2, Math.ceil(whole.ids.length / 7));
        const ids: string[] = [];
        for (let cursor: unknown, more: unknown = true; more === true; ) {
          const { ids: part, counts } = await answered(fixture.call, name, list, { ...args, limit, cursor });
          expect(part.length).toBeLessThanOrEqual(limit);
          ids.push(...part);
          ({ cursor, has_more: more } = counts as { cursor?: unknown; has_more?: unknown });
        }
        expect(ids).toEqual(whole.ids);
      }),
    ));
});

test.each(CHECKED)('%s, %s: where the service ignores it, no record appears that was not asked for', (...row) => {
  const [name, argument, fields, listed] = row;
  return inTenant(
    ({ call, emulator: { state } }) =>
      listed(async (list) => {
        let foreign = 0;
        for (const value of list.arguments[argument]?.values(state) ?? []) {
          const { args, chosen } = choose(list, { [argument]: value });
          const isMeant = (record: Parameters<typeof list.id>[0]) =>
            chosen.every(([it, asked]) => it.keeps(record, asked, state) || it.isRelated?.(record, asked));
          const meant = new Set(list.records(state).filter(isMeant).map(list.id));
          const { ids } = await answered(call, name, list, args);
          expect(
            ids.filter((id) => !meant.has(id)),
            `${argument} ${value}`,
          ).toEqual([]);
          foreign = Math.max(foreign, list.records(state).length - meant.size);
        }
        expect(foreign, 'every record was asked for').toBeGreaterThan(0);
      }),
    fields,
  );
});
