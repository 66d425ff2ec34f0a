import { expect, test } from 'vitest';
import { type Fixture, textOf, withFixture } from '../fixture.ts';

const TIME = Date.now() - 3_600_000;
const ID = 'd'.repeat(24);
const UPN = 'sam@contoso.example';
const OID = '11111111-2222-4333-8444-555555555555';
const AUDIT = 'named-by-the-alert';

/** What the service answers next: the alert, then one page for each list that is asked for. */
async function answerOf({ call, emulator }: Fixture, alert: object, ...pages: object[]) {
  for (const body of [{ _id: ID, timestamp: TIME, ...alert }, ...pages])
    emulator.fault({ kind: 'status', status: 200, body: JSON.stringify(body) });
  const result = await call('mdca_get_alert', { alert_id: ID });
  const bodies = emulator.requests.slice(1).map(({ rawBody }) => JSON.parse(rawBody || '{}'));
  return { value: result.structuredContent as Record<string, unknown>, text: textOf(result), bodies };
}

const NONE = { data: [], hasNext: false, total: 0 };
const activity = (_id: string, more: object = {}) => ({ _id, timestamp: TIME, description: `did ${_id}`, ...more });
const by = (id: string) => ({ entityData: { 0: { id: { id, saas: 11_161, inst: 0 } } } });

test('what users did that an alert knows by UPN only is looked for by UPN', () =>
  withFixture(async (fixture) => {
    const alert = { entities: [{ type: 'user', id: UPN }] };
    const page = { data: [activity('a', { user: { userName: UPN } })], hasNext: false };
    const { value, bodies } = await answerOf(fixture, alert, NONE, page);
    expect(bodies.at(-1).filters).toMatchObject({ 'user.username': { eq: [UPN] } });
    expect(value).toMatchObject({ found_by: 'users_around', returned: 1 });
  }));

test.each([
  ['no users', {}],
  ['no time', { timestamp: null, entities: [{ type: 'account', id: OID }] }],
])('an alert with %s is not told as one whose users did nothing', (_what, alert) =>
  withFixture(async (fixture) => {
    const { value, text } = await answerOf(fixture, alert, NONE);
    expect(value).toMatchObject({ found_by: 'not_searched', returned: 0 });
    expect(text).toMatch(/not looked for/);
    expect(fixture.emulator.requests).toHaveLength(2);
  }),
);

test('activities that the service returns beside those which the alert names are no evidence', () =>
  withFixture(async (fixture) => {
    const page = { data: [activity('somebody-else'), activity(AUDIT)], hasNext: false };
    const { value } = await answerOf(fixture, { audits: [AUDIT] }, NONE, page);
    expect(value).toMatchObject({ found_by: 'audits', returned: 1, activities: [{ id: AUDIT }] });
  }));

test('what others did, or users did at another time, is no evidence', () =>
  withFixture(async (fixture) => {
    const page = {
      data: [
        activity('of-another', by(OID.replace('1', '9'))),
        activity('too-early', { ...by(OID), timestamp: TIME - 10 * 3_600_000 }),
        activity('his-own', by(OID)),
      ],
      hasNext: false,
    };
    const alert = { entities: [{ type: 'account', id: OID.toUpperCase() }] };
    const { value } = await answerOf(fixture, alert, NONE, page);
    expect(value).toMatchObject({ found_by: 'users_around', returned: 1, activities: [{ id: 'his-own' }] });
  }));

test.each([
  ['an unknown number', {}, /1 of an unknown number/, { returned: 1 }],
  ['a floor', { total: 5000, moreThanTotal: true }, /1 of more than 5000/, { total: 5000, total_is_floor: true }],
])('%s of further activities is told in both forms', (_what, counts, inText, inValue) =>
  withFixture(async (fixture) => {
    const pages = Array.from({ length: 4 }, () => ({ data: [activity('a')], hasNext: true, ...counts }));
    const { value, text } = await answerOf(fixture, {}, ...pages);
    expect(text).toMatch(inText);
    expect(value).toMatchObject(inValue);
  }),
);
