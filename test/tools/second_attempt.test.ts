import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, test } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import type { Tool } from '../../src/tool/tool.ts';
import { type Fixture, textOf, tools, withFixture } from '../fixture.ts';
import { openIds, recordId } from '../samples.ts';
import { codeOf } from '../writes/writing.ts';

type State = Emulator['state'];

/** Kinds of ids: the arguments that take one, how it is found, and one of the demo tenant. */
const KINDS = {
  alert: { takes: /^alert_ids?$/, found: /mdca_(get_open|list)_alerts/, of: ({ alerts }: State) => alerts[0]?._id },
  policy: { takes: /^policy_id$/, found: /mdca_list_policies/, of: ({ policies }: State) => policies[0]?._id },
  activity: {
    takes: /^activity_id$/,
    found: /mdca_list_activities/,
    of: ({ activities }: State) => activities[0]?._id,
  },
  file: { takes: /^file_id$/, found: /mdca_list_files/, of: ({ files }: State) => files[0]?._id },
  app: { takes: /^app_id$/, found: /mdca_find_apps/, of: () => 35845 },
  user: { takes: /^(user|user_id|owner)$/, found: /mdca_list_users/, of: ({ entities }: State) => entities[0]?.id },
} as const;
type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS) as Kind[];

/** Every argument of every tool that takes an id. */
const ID_ARGUMENTS = tools.flatMap((tool) =>
  Object.keys(tool.input.shape).flatMap((argument) => {
    const kind = kinds.find((name) => KINDS[name].takes.test(argument));
    return kind ? [[tool.name, argument, kind, tool] as const] : [];
  }),
);

/** The argument alone, beside what the tool cannot do without. */
function argsWith(tool: Tool, argument: string, id: unknown): Record<string, unknown> {
  const value = argument.endsWith('s') ? [id] : id;
  return 'comment' in tool.input.shape ? { [argument]: value, comment: 'x' } : { [argument]: value };
}

/** What a model reads, whichever of the two forms its host shows. */
function formsOf(result: CallToolResult): string[] {
  const { structuredContent } = result;
  return structuredContent ? [textOf(result), JSON.stringify(structuredContent)] : [textOf(result)];
}

test.each(ID_ARGUMENTS)(
  '%s, %s: what is no such id is answered with the tool that finds it',
  (name, argument, kind, tool) =>
    withFixture(async (fixture) => {
      const { found } = KINDS[kind];
      const callWith = (id: unknown) => fixture.call(name, argsWith(tool, argument, id));
      const text = textOf(await callWith('Avery Example'));
      expect(text, 'a display name').toMatch(/^invalid_input: /);
      expect(text.split('\n')[0], 'a display name').toMatch(found);
      expect(fixture.emulator.requests).toEqual([]);
      if (kind !== 'user') {
        const result = await callWith('avery.example@contoso.com');
        expect(result.isError, 'a user principal name').toBe(true);
        expect(textOf(result)).toMatch(found);
      }
      for (const other of kinds.filter((known) => known !== kind)) {
        const result = await callWith(KINDS[other].of(fixture.emulator.state));
        for (const form of formsOf(result)) expect(form, `the id of another kind: ${other}`).toMatch(found);
      }
    }),
);

describe('an unknown user', () => {
  const UNKNOWN = '11111111-2222-4333-8444-555555555555';
  const NOBODY = 'nobody@contoso.com';
  const entityCalls = ({ emulator }: Fixture) => emulator.requests.filter(({ path }) => path.includes('/entities/'));

  const listsOf = (user: string) =>
    [
      ['mdca_get_activities', { user_id: user }],
      ['mdca_list_activities', { user }],
      ['mdca_list_alerts', { user }],
      ['mdca_list_files', { owner: user }],
    ] as const;

  test.each([...listsOf(UNKNOWN), ...listsOf(NOBODY)])('%s %j: no list reads as clean', (name, args) =>
    withFixture(async (fixture) => {
      const result = await fixture.call(name, args);
      for (const form of formsOf(result)) expect(form).toContain('The tenant knows no such user');
      expect(entityCalls(fixture)).toHaveLength(1);
    }),
  );

  test.each([...listsOf(UNKNOWN), ...listsOf(NOBODY)])('%s %j: a check that fails is told as such', (name, args) =>
    withFixture(async (fixture) => {
      fixture.emulator.fault({ kind: 'status', status: 403, path: '/entities/' });
      const result = await fixture.call(name, args);
      for (const form of formsOf(result)) {
        expect(form).toMatch(/It cannot be told whether the tenant knows this user \(the check failed: forbidden\)/);
        expect(form).not.toContain('knows no such user');
      }
    }),
  );

  test('of a domain with more users than one page is not called unknown', () =>
    withFixture(async (fixture) => {
      const [one] = fixture.emulator.state.entities.filter(({ type }) => type === 2);
      if (!one) throw new Error('the demo tenant has no user');
      const many = Array.from({ length: 150 }, (_, n) => ({ ...one, _id: `many${n}`, email: `many${n}@contoso.com` }));
      fixture.emulator.state.entities.push(...many);
      const result = await fixture.call('mdca_get_activities', { user_id: NOBODY });
      for (const form of formsOf(result)) expect(form).toContain('It cannot be told');
    }));

  test('is an error where one user is asked for', () =>
    withFixture(async (fixture) => {
      const result = await fixture.call('mdca_get_user', { user: UNKNOWN });
      expect(textOf(result)).toMatch(/^not_found: The tenant knows no user of this id\. mdca_list_users/);
    }));

  test('is not looked for where there is something to show, and a known one gets no note', () =>
    withFixture(async (fixture) => {
      const [known] = fixture.emulator.state.entities.filter(({ type }) => type === 2);
      for (const user_id of [known?.id, known?.email]) {
        const some = await fixture.call('mdca_get_activities', { user_id });
        expect(some.structuredContent?.returned).toBeGreaterThan(0);
        expect(entityCalls(fixture)).toHaveLength(0);
        const none = await fixture.call('mdca_get_activities', { user_id, since: String(Date.now() + 3_600_000) });
        expect(textOf(none)).toBe('0 of 0 activities, newest first.');
        expect(entityCalls(fixture).splice(0)).toHaveLength(1);
        fixture.emulator.requests.length = 0;
      }
    }));
});

describe('what is so already', () => {
  test.each([
    ['mdca_tag_app_unsanctioned', 'Unsanctioned'],
    ['mdca_tag_app_sanctioned', 'Sanctioned'],
  ])('%s: an app with that tag is not told as tagged by us', (name, tag) =>
    withFixture(async (fixture) => {
      const args = { app_id: 35845 };
      await fixture.call(name, args);
      const again = await fixture.call(name, args);
      expect(again.structuredContent).toEqual({ status: 'already_tagged', app_id: 35845, tag, verified: true });
      expect(textOf(again)).toContain('status: already_tagged');
    }),
  );

  test.each([
    ['mdca_enable_policy', true, 'already_enabled'],
    ['mdca_disable_policy', false, 'already_disabled'],
  ])('%s: a policy in that state is not told as switched by us', (name, enabled, status) =>
    withFixture(async (fixture) => {
      const [policy] = fixture.emulator.state.policies;
      if (!policy) throw new Error('the demo tenant has no policy');
      policy.enabled = enabled;
      const result = await fixture.call(name, { policy_id: policy._id });
      for (const form of formsOf(result)) expect(form).toContain(status);
    }),
  );
});

describe('a refused code', () => {
  const DISMISS = 'mdca_dismiss_alert';
  const CONFIRM = { environment: { MDCA_WRITES: 'confirm' } };
  const lines = (result: CallToolResult) => textOf(result).split('\n');

  test.each<[string, RegExp, (args: Record<string, unknown>, fixture: Fixture) => Promise<Record<string, unknown>>]>([
    ['wrong', /not one that this server has given out/, async (args) => ({ ...args, confirm: 'abc.def' })],
    [
      'given for other arguments',
      /for other arguments \(changed: comment\)\./,
      async (args, fixture) => ({
        ...args,
        comment: 'Another',
        confirm: codeOf(await fixture.call(DISMISS, args)),
      }),
    ],
    [
      'given for another tool',
      /given for mdca_close_alert_benign\./,
      async (args, fixture) => ({ ...args, confirm: codeOf(await fixture.call('mdca_close_alert_benign', args)) }),
    ],
  ])('that is %s: one sentence says what to do, and doing that works', (_what, why, wrong) =>
    withFixture(async (fixture) => {
      const args = { alert_ids: openIds(fixture.emulator.state.alerts, 2), comment: 'Exercise' };
      const { confirm, ...rest } = await wrong(args, fixture);
      const refusal = lines(await fixture.call(DISMISS, { ...rest, confirm }));
      expect(refusal[0]).toMatch(/^confirm_refused: confirm: /);
      expect(refusal[0]).toMatch(why);
      expect(refusal[2]).toBe('To do: Leave confirm out to get a plan and a code for these arguments.');
      expect(refusal.join(' ')).not.toMatch(/repeat|call again/i);
      const code = codeOf(await fixture.call(DISMISS, rest));
      expect((await fixture.call(DISMISS, { ...rest, confirm: code })).structuredContent?.status).toBe('closed');
    }, CONFIRM),
  );

  test('that has been used sends to the present state', () =>
    withFixture(async (fixture) => {
      const args = { alert_ids: openIds(fixture.emulator.state.alerts, 1), comment: 'Exercise' };
      const confirm = codeOf(await fixture.call(DISMISS, args));
      await fixture.call(DISMISS, { ...args, confirm });
      const refusal = lines(await fixture.call(DISMISS, { ...args, confirm }));
      expect(refusal[0]).toBe('confirm_refused: confirm: it has been used before.');
      expect(refusal[2]).toMatch(/^To do: Read the present state, and leave confirm out .* only if/);
    }, CONFIRM));
});

describe('the example of an error', () => {
  const argumentsOf = ({ name, example }: Tool) =>
    Object.entries(example).map(([argument, value]) => [name, argument, value] as const);

  test.each(tools.flatMap(argumentsOf).filter(([, argument]) => isAboutAnItem(argument)))(
    '%s, %s: shows the form',
    (_name, _argument, value) => {
      for (const member of [value].flat()) expect(member).toMatch(/^<[^<>]+>(\/<[^<>]+>)?$/);
    },
  );

  test('names nothing of the demo tenant', () =>
    withFixture(async ({ emulator: { state } }) => {
      const records = Object.values(state).flatMap((list) => (Array.isArray(list) ? list : []));
      const ids = records.flatMap((record) => (typeof record === 'object' ? [String(recordId(record))] : []));
      const people = state.entities.flatMap(({ id, email }) => [id, email ?? '']);
      const addresses = state.activities.map(({ device }) => device.clientIP);
      const all = new Set([...ids, ...people, ...addresses].filter((id) => id !== ''));
      for (const [name, argument, value] of tools.flatMap(argumentsOf)) {
        for (const member of [value].flat()) expect(all.has(String(member)), `${name} ${argument}`).toBe(false);
      }
    }));
});

function isAboutAnItem(argument: string): boolean {
  return argument === 'ip' || argument === 'subnets' || kinds.some((kind) => KINDS[kind].takes.test(argument));
}
