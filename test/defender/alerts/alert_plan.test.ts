import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { toAlert, WireAlert } from '../../../src/defender/alerts/alert.ts';
import { headlineOf, phraseFor, toTarget } from '../../../src/defender/alerts/alert_plan.ts';

const NOW = Date.UTC(2026, 0, 15, 9, 0, 30);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

const alertOf = (fields: object = {}) =>
  toAlert(WireAlert.parse({ _id: '68c2a4f4c41f0a9e731a0001', ...fields }), 'https://contoso.example');
const entity = (type: string) => (id: string) => ({ type, id, label: id });
const [HIGH, LOW] = [{ severityValue: 2 }, { severityValue: 0 }];

test('the phrase names the count, and the high ones where there are some', () => {
  expect(phraseFor('close', [LOW, LOW].map(alertOf))).toBe('close 2');
  expect(phraseFor('close', [LOW, HIGH, HIGH].map(alertOf))).toBe('close 3, 2 high');
});

describe('the headline', () => {
  test('counts by severity, the gravest first, and users once each', () => {
    const users = (...ids: string[]) => ({ entities: ids.map(entity('account')) });
    const alerts = [
      { ...LOW, ...users('u1', 'u2') },
      { ...HIGH, ...users('u1') },
      { severityValue: 3 },
      { severityValue: 1 },
      { severityValue: 77 },
      LOW,
    ];
    expect(headlineOf(alerts.map(alertOf))).toBe(
      '1 high, 1 medium, 2 low, 1 informational, 1 of unknown severity; 2 users',
    );
  });

  test('says how far back the alerts go', () => {
    const alerts = [{ timestamp: NOW - 3 * DAY }, {}, { timestamp: NOW - 20 * DAY }, { timestamp: NOW - HOUR }];
    expect(headlineOf(alerts.map(alertOf))).toBe('4 of unknown severity; 0 users; oldest 20 days');
  });

  test('says that there may be more users than an alert shows', () => {
    const users = Array.from({ length: 60 }, (_, n) => `u${n}`);
    expect(headlineOf([alertOf({ entities: users.map(entity('account')) })])).toMatch(/; more than \d+ users$/u);
  });
});

describe('a target', () => {
  test('is grave if the alert is high, and keeps the state it was given', () => {
    expect(toTarget(alertOf(HIGH), 'open high')).toMatchObject({ state: 'open high', isGrave: true });
    expect(toTarget(alertOf(LOW), 'open low').isGrave).toBe(false);
    expect(toTarget(alertOf(), 'open unknown').isGrave).toBe(false);
  });

  test.each([
    [-5 * MINUTE, '0 minutes old'],
    [0, '0 minutes old'],
    [MINUTE - 1, '0 minutes old'],
    [59 * MINUTE, '59 minutes old'],
    [2 * HOUR - 1, '119 minutes old'],
    [2 * HOUR, '2 hours old'],
    [2 * DAY - 1, '47 hours old'],
    [2 * DAY, '2 days old'],
    [400 * DAY, '400 days old'],
  ])('raised %i ms ago is %s', (age, facts) => {
    expect(toTarget(alertOf({ timestamp: NOW - age }), 'open').facts).toBe(facts);
  });

  test('that bears no time has none', () => {
    expect(toTarget(alertOf(), 'open').facts).toBeUndefined();
  });

  test.each([
    [[], undefined],
    [[{ id: 'u1', label: 'Ada' }], 'Ada'],
    [[{ id: 'u1' }], 'u1'],
    [[{ id: 'u1', label: 'Ada' }, { id: 'u2' }], 'Ada and 1 more'],
    [[{ id: 'u1' }, { id: 'u2' }, { id: 'u3' }], 'u1 and 2 more'],
  ])('with the accounts %j has the user %s', (accounts, user) => {
    const entities = accounts.map((account) => ({ type: 'account', ...account }));
    expect(toTarget(alertOf({ entities }), 'open').untrusted.user).toBe(user);
  });

  test('says how many users there are beside one with a name as long as an attacker likes', () => {
    const entities = [{ type: 'account', id: 'u1', label: 'Ada '.repeat(200) }, entity('account')('u2')];
    expect(toTarget(alertOf({ entities }), 'open').untrusted.user).toMatch(/^Ada .{20,41} and 1 more$/u);
  });

  test('shows three addresses, because the attacker is often not at the first', () => {
    const entities = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5'].map(entity('ip'));
    const ipsOf = (count: number) => toTarget(alertOf({ entities: entities.slice(0, count) }), 'open').untrusted.ip;
    expect([0, 1, 3, 5].map(ipsOf)).toEqual([
      undefined,
      '192.0.2.1',
      '192.0.2.1, 192.0.2.2, 192.0.2.3',
      '192.0.2.1, 192.0.2.2, 192.0.2.3 and 2 more',
    ]);
  });

  test('is told by its title, and by its policy where that has another name', () => {
    const groupOf = (label: string) =>
      toTarget(alertOf({ title: 'Odd', policy: { id: 'p', label, type: 'policyRule' } }), 'open').group;
    expect(groupOf('Odd')).toEqual({ title: 'Odd', policy: undefined });
    expect(groupOf('Rule')).toEqual({ title: 'Odd', policy: 'Rule' });
  });
});
