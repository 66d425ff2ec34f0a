import { afterEach, describe, expect, test, vi } from 'vitest';
import { callTool, type Fixture, textOf, withFixture } from '../fixture.ts';
import { argsFor, idsFor, openIds, WRITES } from '../samples.ts';
import { changedIds, codeOf, expectSentOnce, writesOf } from './writing.ts';

const CONFIRM = { environment: { MDCA_WRITES: 'confirm' } };
const BENIGN = 'mdca_close_alert_benign';

afterEach(() => {
  vi.useRealTimers();
});

describe.each(WRITES)('%s, where the client cannot ask', (name, tool) => {
  test('first shows the plan and writes nothing; the same call with the code writes once, and reads back', () =>
    withFixture(async (fixture) => {
      const args = argsFor(name);
      const first = await fixture.call(name, args);
      expect(writesOf(fixture)).toEqual([]);
      const ids = idsFor(tool);
      for (const id of ids) expect(first.structuredContent?.plan).toMatch(new RegExp(`^"?${id}"? now `, 'mu'));
      expect(textOf(first)).toContain('guards against mistakes');
      expect(textOf(first)).toContain('approval');
      const confirm = codeOf(first);
      expect(textOf(first)).toContain(`"confirm": "${confirm}"`);
      const before = structuredClone(fixture.emulator.state);
      const second = await fixture.call(name, { ...args, confirm });
      expect(second.structuredContent).not.toHaveProperty('confirm');
      expectSentOnce(fixture);
      expect(changedIds(before, fixture.emulator.state)).toEqual(expect.arrayContaining(ids));
      expect(fixture.emulator.requests.at(-1)?.effect, 'the last request reads back').toBe('read');
    }, CONFIRM));

  test('a code that is replayed, altered, made up or of another call writes nothing', () =>
    withFixture(async (fixture) => {
      const args = argsFor(name);
      const confirm = codeOf(await fixture.call(name, args));
      const other = name === 'mdca_resolve_alert' ? BENIGN : 'mdca_resolve_alert';
      const alerts = { alert_ids: openIds(fixture.emulator.state.alerts, 1) };
      const otherCode = codeOf(await fixture.call(other, alerts));
      const [nonce = '', mac = ''] = confirm.split('.');
      const flipped = `${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`;
      const wrong: [string, RegExp][] = [
        ['', /not one that this server/],
        ['yes', /not one that this server/],
        ['true', /not one that this server/],
        [nonce, /altered/],
        [`${nonce}.`, /altered/],
        [`${nonce}.${flipped}`, /altered/],
        [`${confirm}A`, /altered/],
        [`${confirm}.x`, /altered/],
        [`${nonce}.${otherCode.split('.')[1]}`, /altered/],
        [otherCode, new RegExp(`given for ${other}`)],
      ];
      for (const [code, why] of wrong) {
        const result = await fixture.call(name, { ...args, confirm: code });
        expect(result.isError).toBe(true);
        expect(textOf(result), code).toMatch(/^confirm_refused: confirm: /);
        expect(textOf(result)).toMatch(why);
      }
      expect(writesOf(fixture)).toEqual([]);
      expect((await fixture.call(name, { ...args, confirm })).isError).toBeFalsy();
      const again = await fixture.call(name, { ...args, confirm });
      expect(textOf(again)).toMatch(/used before/);
      expectSentOnce(fixture);
    }, CONFIRM));
});

test('a code is valid for its arguments only, in whatever order they come', () =>
  withFixture(async (fixture) => {
    const [one = '', two = '', three = ''] = openIds(fixture.emulator.state.alerts, 3);
    const confirm = codeOf(await fixture.call(BENIGN, { alert_ids: [one, two], comment: 'Travel' }));
    const others = [
      { alert_ids: [one, three], comment: 'Travel' },
      { alert_ids: [one], comment: 'Travel' },
      { alert_ids: [one, two, three], comment: 'Travel' },
      { alert_ids: [one, two], comment: 'Other' },
      { alert_ids: [one, two] },
      { alert_ids: [one, two], comment: 'Travel', reason: 'other' },
    ];
    for (const args of others) {
      expect(textOf(await fixture.call(BENIGN, { ...args, confirm }))).toMatch(/^confirm_refused: .*other arguments/);
    }
    expect(writesOf(fixture)).toEqual([]);
    const same = { confirm, comment: 'Travel', alert_ids: [one.toUpperCase(), two, two] };
    expect((await fixture.call(BENIGN, same)).structuredContent).toMatchObject({ status: 'closed', closed: 2 });
  }, CONFIRM));

test('a code is valid in its session only, and in this process only', () =>
  withFixture(async (fixture) => {
    const args = argsFor(BENIGN);
    const confirm = codeOf(await fixture.call(BENIGN, args));
    const other = await fixture.connect();
    expect(textOf(await callTool(other, BENIGN, { ...args, confirm }))).toMatch(/another session/);
    await withFixture(async (elsewhere) => {
      expect(textOf(await elsewhere.call(BENIGN, { ...args, confirm }))).toMatch(/not one that this server/);
      expect(writesOf(elsewhere)).toEqual([]);
    }, CONFIRM);
    expect(writesOf(fixture)).toEqual([]);
  }, CONFIRM));

test('a code is valid for five minutes', () =>
  withFixture(async (fixture) => {
    const args = argsFor(BENIGN);
    const confirm = codeOf(await fixture.call(BENIGN, args));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 300_000 });
    expect(textOf(await fixture.call(BENIGN, { ...args, confirm }))).toMatch(/expired/);
    expect(writesOf(fixture)).toEqual([]);
  }, CONFIRM));

test('of two calls with one code at the same time, one is carried out', () =>
  withFixture(async (fixture) => {
    const args = argsFor(BENIGN);
    const confirm = codeOf(await fixture.call(BENIGN, args));
    const calls = await Promise.all([1, 2, 3].map(() => fixture.call(BENIGN, { ...args, confirm })));
    expect(calls.filter(({ isError }) => isError)).toHaveLength(2);
    expect(writesOf(fixture)).toHaveLength(1);
  }, CONFIRM));

test('of two codes for one change at the same time, the second finds it done', () =>
  withFixture(async (fixture) => {
    const args = argsFor(BENIGN);
    const codes = [codeOf(await fixture.call(BENIGN, args)), codeOf(await fixture.call(BENIGN, args))];
    const calls = await Promise.all(codes.map((confirm) => fixture.call(BENIGN, { ...args, confirm })));
    expect(calls.map(({ structuredContent }) => structuredContent?.status)).toEqual(['closed', 'unchanged']);
    expect(writesOf(fixture)).toHaveLength(1);
  }, CONFIRM));

describe('what changed since the plan is left out, and the answer says so', () => {
  const change = (fixture: Fixture, id: string, facts: object) =>
    Object.assign(fixture.emulator.state.alerts.find(({ _id }) => _id === id) ?? {}, facts);

  test('alerts: closed by someone, raised, gone', () =>
    withFixture(async (fixture) => {
      const ids = openIds(fixture.emulator.state.alerts, 4);
      const [closed = '', raised = '', gone = '', same = ''] = ids;
      change(fixture, raised, { severityValue: 0 });
      const confirm = codeOf(await fixture.call(BENIGN, { alert_ids: ids }));
      change(fixture, closed, { resolutionStatusValue: 5 });
      change(fixture, raised, { severityValue: 2 });
      fixture.emulator.state.alerts = fixture.emulator.state.alerts.filter(({ _id }) => _id !== gone);
      const result = await fixture.call(BENIGN, { alert_ids: ids, confirm });
      expect(result.structuredContent).toMatchObject({
        status: 'partial',
        closed_ids: [same],
        already_closed: [closed],
        not_closed: [raised],
        not_found: [gone],
      });
      const { warning } = result.structuredContent ?? {};
      expect(warning).toMatch(/^Left out, because changed since the plan: /);
      expect(warning).toContain(`${raised} was open low, now open high`);
      expect(warning).toContain('now already closed (true_positive)');
      const [write] = writesOf(fixture);
      expect(write?.body).toMatchObject({ filters: { id: { eq: [same] } } });
    }, CONFIRM));

  test('all of them: nothing is sent', () =>
    withFixture(async (fixture) => {
      const ids = openIds(fixture.emulator.state.alerts, 2);
      const confirm = codeOf(await fixture.call(BENIGN, { alert_ids: ids }));
      for (const id of ids) change(fixture, id, { resolutionStatusValue: 3 });
      const result = await fixture.call(BENIGN, { alert_ids: ids, confirm });
      expect(result.structuredContent).toMatchObject({ status: 'unchanged', already_closed: ids });
      expect(textOf(result)).toMatch(/^WARNING: Left out/);
      expect(writesOf(fixture)).toEqual([]);
    }, CONFIRM));

  test('a target that the plan left out is not added later', () =>
    withFixture(async (fixture) => {
      const ids = openIds(fixture.emulator.state.alerts, 2);
      const [later = '', now = ''] = ids;
      change(fixture, later, { resolutionStatusValue: 3 });
      const confirm = codeOf(await fixture.call(BENIGN, { alert_ids: ids }));
      change(fixture, later, { resolutionStatusValue: 0 });
      const result = await fixture.call(BENIGN, { alert_ids: ids, confirm });
      expect(result.structuredContent).toMatchObject({ closed_ids: [now], not_closed: [later] });
    }, CONFIRM));

  test('a policy that was toggled, a tag that was set', () =>
    withFixture(async (fixture) => {
      const { policies, apps } = fixture.emulator.state;
      for (const name of ['mdca_disable_policy', 'mdca_tag_app_sanctioned'] as const) {
        const args = argsFor(name);
        const confirm = codeOf(await fixture.call(name, args));
        if (name === 'mdca_disable_policy') for (const policy of policies) policy.enabled = false;
        else for (const app of apps) app.tags = ['Unsanctioned'];
        const result = await fixture.call(name, { ...args, confirm });
        expect(result.structuredContent?.warning).toMatch(/changed since the plan/);
      }
      expect(writesOf(fixture)).toEqual([]);
    }, CONFIRM));
});

describe('after the write', () => {
  test.each([
    ['says so', { closed_benign: 2 }],
    ['says something else', { closed_benign: 0, alertsNotFound: [] }],
  ])('what is reported is what is read back, where the service %s and nothing was closed', (_what, body) =>
    withFixture(async (fixture) => {
      const args = argsFor(BENIGN);
      const confirm = codeOf(await fixture.call(BENIGN, args));
      fixture.emulator.fault({ kind: 'status', status: 200, body: JSON.stringify(body), path: 'close_benign' });
      const { structuredContent } = await fixture.call(BENIGN, { ...args, confirm });
      expect(structuredContent).toMatchObject({ closed: 0, not_closed: args.alert_ids });
    }, CONFIRM),
  );

  test('where it cannot be read back, nothing is reported as closed, and the failure is named', () =>
    withFixture(async (fixture) => {
      const args = argsFor(BENIGN);
      const confirm = codeOf(await fixture.call(BENIGN, args));
      fixture.emulator.fault({ kind: 'slow', delayMs: 0, path: '/alerts/' });
      fixture.emulator.fault({ kind: 'slow', delayMs: 0, path: 'close_benign' });
      fixture.emulator.fault({ kind: 'status', status: 403, path: '/alerts/' });
      const { structuredContent } = await fixture.call(BENIGN, { ...args, confirm });
      expect(structuredContent).toMatchObject({
        status: 'unknown',
        closed: 0,
        unknown: args.alert_ids,
        warning: expect.stringMatching(/^The service says it closed 2, but reading them back failed \(forbidden: /),
      });
    }, CONFIRM));

  test.each([
    ['says that it found none', { kind: 'status', status: 200, body: '{"closed_benign":0,"alertsNotFound":[]}' }],
    ['answers 404', { kind: 'status', status: 404 }],
    ['answers 408', { kind: 'status', status: 408 }],
    ['answers 409', { kind: 'status', status: 409 }],
    ['answers 500', { kind: 'status', status: 500 }],
    ['hangs up', { kind: 'reset' }],
  ] as const)(
    'alerts that were open a moment ago and are closed now count as closed, where the service %s',
    (_how, fault) =>
      withFixture(async (fixture) => {
        const args = argsFor(BENIGN);
        const confirm = codeOf(await fixture.call(BENIGN, args));
        fixture.emulator.fault({ ...fault, applied: true, path: 'close_benign' });
        const { structuredContent } = await fixture.call(BENIGN, { ...args, confirm });
        expect(structuredContent).toMatchObject({ status: 'closed', closed_ids: args.alert_ids });
        expect(writesOf(fixture)).toHaveLength(1);
      }, CONFIRM),
  );

  test('a service clock that is an hour off does not make our own close look like an earlier one', () =>
    withFixture(
      async (fixture) => {
        const args = argsFor(BENIGN);
        const confirm = codeOf(await fixture.call(BENIGN, args));
        fixture.emulator.fault({ kind: 'reset', applied: true, path: 'close_benign' });
        const { structuredContent } = await fixture.call(BENIGN, { ...args, confirm });
        expect(structuredContent).toMatchObject({ status: 'closed', closed: 2 });
      },
      { ...CONFIRM, emulator: { now: () => Date.now() - 3_600_000 } },
    ));
});

test.each([1, 100, 101, 250])('a plan for %i alerts costs one call for each hundred', (count) =>
  withFixture(async (fixture) => {
    const alert_ids = manyOpen(fixture, count);
    const first = await fixture.call(BENIGN, { alert_ids });
    expect(fixture.emulator.requests).toHaveLength(Math.ceil(count / 100));
    expect(first.structuredContent?.plan).toContain(`${count} of ${count} alerts`);
    const second = await fixture.call(BENIGN, { alert_ids, confirm: codeOf(first) });
    expect(second.structuredContent).toMatchObject({ status: 'closed', closed: count });
  }, CONFIRM),
);

/** Adds this many open alerts to the tenant. @returns their ids */
function manyOpen({ emulator }: Fixture, count: number): string[] {
  const { alerts } = emulator.state;
  const copies = Array.from({ length: count }, (_, n) => ({
    ...structuredClone(alerts[0] as (typeof alerts)[0]),
    _id: `${'a'.repeat(18)}${n.toString(16).padStart(6, '0')}`,
    resolutionStatusValue: 0,
    severityValue: 1,
  }));
  alerts.push(...copies);
  return copies.map(({ _id }) => _id);
}

test('what changes while the first hundred is closed is left out of the second', () =>
  withFixture(async (fixture) => {
    const alert_ids = manyOpen(fixture, 250);
    const confirm = codeOf(await fixture.call(BENIGN, { alert_ids }));
    fixture.emulator.fault({ kind: 'slow', delayMs: 200, path: 'close_benign' });
    const call = fixture.call(BENIGN, { alert_ids, confirm });
    await expect.poll(() => writesOf(fixture).length).toBe(1);
    const raised = alert_ids[150] ?? '';
    Object.assign(fixture.emulator.state.alerts.find(({ _id }) => _id === raised) ?? {}, { severityValue: 2 });
    const { structuredContent } = await call;
    expect(structuredContent).toMatchObject({
      status: 'partial',
      closed: 249,
      not_closed: [raised],
      warning: `Left out, because changed since the plan: ${raised} was open medium, now open high.`,
    });
    expect(JSON.stringify(writesOf(fixture).map(({ body }) => body))).not.toContain(raised);
  }, CONFIRM));

test('a code is not used up by a re-check that fails', () =>
  withFixture(async (fixture) => {
    const args = argsFor(BENIGN);
    const confirm = codeOf(await fixture.call(BENIGN, args));
    fixture.emulator.fault({ kind: 'status', status: 403 });
    expect(textOf(await fixture.call(BENIGN, { ...args, confirm }))).toMatch(/^forbidden: /);
    expect((await fixture.call(BENIGN, { ...args, confirm })).structuredContent).toMatchObject({ status: 'closed' });
    expect(textOf(await fixture.call(BENIGN, { ...args, confirm }))).toMatch(/used before/);
  }, CONFIRM));

test('a comment is shown whole, and its invisible characters are not sent', () =>
  withFixture(async (fixture) => {
    const args = {
      alert_ids: openIds(fixture.emulator.state.alerts, 1),
      comment: `${'x'.repeat(3000)}\u202e\x1b[2J\nend`,
    };
    const first = await fixture.call(BENIGN, args);
    expect(first.structuredContent?.plan).toContain(`"${'x'.repeat(3000)} end"`);
    await fixture.call(BENIGN, { ...args, confirm: codeOf(first) });
    expect(writesOf(fixture)[0]?.body).toMatchObject({ comment: `${'x'.repeat(3000)}\nend` });
  }, CONFIRM));

test('with writes allowed a code is refused, because nobody has asked for one', () =>
  withFixture(async (fixture) => {
    const result = await fixture.call(BENIGN, { ...argsFor(BENIGN), confirm: 'x' });
    expect(textOf(result)).toMatch(/^invalid_input: confirm: /);
    expect(fixture.emulator.requests).toEqual([]);
  }));
