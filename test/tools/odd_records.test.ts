import { expect, test } from 'vitest';
import { toRef } from '../../src/defender/activities/activity_ref.ts';
import { type Fixture, textOf, withFixture } from '../fixture.ts';

const ID = 'd'.repeat(24);
const OID = '11111111-2222-4333-8444-555555555555';
const UPN = 'sam@contoso.example';

/** The answer of a tool where the service answers these bodies, as text and as value. */
async function answerOf({ call, emulator }: Fixture, name: string, args: object, ...bodies: object[]) {
  for (const body of bodies) emulator.fault({ kind: 'status', status: 200, body: JSON.stringify(body) });
  const result = await call(name, { ...args });
  return { text: textOf(result), value: result.structuredContent as Record<string, unknown> };
}

const page = (...data: object[]) => ({ data, hasNext: false, total: data.length });

test.each([undefined, null, 7, 'x'])('a state %j that is not known is not told as the usual one', (state) =>
  withFixture(async (fixture) => {
    const users = await answerOf(fixture, 'mdca_list_users', {}, page({ _id: 'u', status: state }));
    expect(users.value).toMatchObject({ users: [{ status: 'unknown' }] });
    expect(users.text).toMatch(/unknown/);
    const files = await answerOf(fixture, 'mdca_list_files', {}, page({ _id: 'f', fileStatus: state }));
    expect(files.value).toMatchObject({ files: [{ state: 'unknown' }] });
    expect(files.text).toMatch(/state unknown/);
    const alert = { _id: ID, resolutionStatusValue: 0, statusValue: state };
    const one = await answerOf(fixture, 'mdca_get_alert', { alert_id: ID }, alert, page());
    expect(one.value).toMatchObject({ alert: { read_state: 'unknown' } });
    expect(one.text).toMatch(/read state unknown/);
  }),
);

test.each([
  [UPN, { type: 'account', id: OID, label: 'Sam' }],
  [OID, { type: 'user', id: UPN }],
])('an alert that cannot tell whether it is about %s is not left out', (user, entity) =>
  withFixture(async (fixture) => {
    const alert = { _id: ID, entities: [entity] };
    expect((await answerOf(fixture, 'mdca_list_alerts', { user }, page(alert))).value).toMatchObject({ returned: 1 });
  }),
);

test('an activity that has the display name of its user only is not left out', () =>
  withFixture(async (fixture) => {
    const activity = { _id: 'a', resolvedActor: { name: 'Sam Example' } };
    const { value } = await answerOf(fixture, 'mdca_list_activities', { user: UPN }, page(activity));
    expect(value).toMatchObject({ returned: 1 });
  }));

test.each(['mdca_list_activities', 'mdca_list_alerts'])('%s takes an IPv6 address in every spelling', (name) =>
  withFixture(async (fixture) => {
    const ip = '2001:DB8:0:0:0::1';
    const record = {
      _id: ID,
      device: { clientIP: '2001:db8::0001' },
      entities: [{ type: 'ip', id: '2001:db8::0001' }],
    };
    expect((await answerOf(fixture, name, { ip }, page(record))).value).toMatchObject({ returned: 1 });
    expect(fixture.emulator.requests[0]?.rawBody).toContain('"2001:db8::1"');
  }),
);

test('an app without an id is told in both forms', () =>
  withFixture(async (fixture) => {
    const activities = ['Box', 'Slack'].map((appName) => ({ _id: appName, appName, description: 'Log on' }));
    const { text, value } = await answerOf(fixture, 'mdca_list_activities', { user: UPN }, page(...activities));
    for (const app of ['Box', 'Slack']) {
      expect(text).toMatch(new RegExp(`app ${app}`));
      expect(JSON.stringify(value)).toContain(`"app_name":"${app}"`);
    }
  }));

test('the word null in place of a comment or a person is neither', () =>
  withFixture(async (fixture) => {
    const alert = { _id: ID, comment: 'null', handledByUser: 'null' };
    const { text, value } = await answerOf(fixture, 'mdca_get_alert', { alert_id: ID }, alert, page());
    expect(text).not.toMatch(/null/);
    expect(JSON.stringify(value)).not.toMatch(/null/);
  }));

test.each([{ since: '7d' }, { until: '1h' }, {}])(
  'a cursor of since 24h goes on with that only, not with %j',
  (other) =>
    withFixture(async ({ call }) => {
      const args = { status: 'any', limit: 1 };
      const { structuredContent } = await call('mdca_list_alerts', { ...args, since: '24h' });
      const cursor = structuredContent?.cursor;
      expect(cursor).toBeTypeOf('string');
      expect(textOf(await call('mdca_list_alerts', { ...args, ...other, cursor }))).toMatch(/^invalid_input: cursor/);
      expect((await call('mdca_list_alerts', { ...args, since: '24h', cursor })).isError).toBeFalsy();
    }),
);

test.each([
  ['mdca_get_activity', { activity_id: 'asked-for' }],
  ['mdca_get_file', { file_id: 'asked-for' }],
])('%s does not answer with another record than was asked for', (name, args) =>
  withFixture(async (fixture) => {
    const { text } = await answerOf(fixture, name, args, { _id: 'another' });
    expect(text).toMatch(/^unreadable: .*another .* than was asked for/);
  }),
);

test('a reference that two activities of a second share means neither of them', () =>
  withFixture(async (fixture) => {
    const time = '2026-11-27T08:00:00Z';
    const long = (n: number) => `${'x'.repeat(30)}${n}`;
    const [first, ref] = [long(0), toRef(long(0), time)];
    const second = Array.from({ length: 20_000 }, (_, n) => long(n + 1)).find((id) => toRef(id, time) === ref);
    const both = page(...[first, second].map((_id) => ({ _id, timestamp: Date.parse(time) })));
    const { text } = await answerOf(fixture, 'mdca_get_activity', { activity_id: ref }, both);
    expect(text).toMatch(/^not_found: .*2 activities .* share this reference/);
  }));

test('alerts of an unknown state or severity are counted too', () =>
  withFixture(async ({ call, emulator: { state } }) => {
    const [alert] = state.alerts;
    if (alert) Object.assign(alert, { resolutionStatusValue: 9, severityValue: 9 });
    for (const by of ['status', 'severity']) {
      const result = await call('mdca_count_alerts', { by });
      expect(result.structuredContent).toMatchObject({ total: state.alerts.length });
      expect(textOf(result)).toMatch(/^unknown: 1$/m);
    }
  }));
