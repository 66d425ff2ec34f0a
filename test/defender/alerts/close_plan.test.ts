import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { planClose } from '../../../src/defender/alerts/close_plan.ts';
import { VERDICTS } from '../../../src/defender/alerts/verdicts.ts';
import { createAlertService, idOf, idsTo, type Kept, openAlerts, reply } from './service.ts';

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

const planFor = (kept: Kept, request = {}) =>
  planClose(createAlertService([kept]).api(), VERDICTS.benign, { alert_ids: [kept._id], ...request });
const targetFor = async (fields: Omit<Kept, '_id'>) => {
  const { targets } = await planFor({ _id: idOf(1), resolutionStatusValue: 0, ...fields });
  return targets[0];
};

describe('a plan', () => {
  test('has each alert that is open as a target, and says of every other why it is left out', async () => {
    const ids = idsTo(6);
    const [open = '', high = '', closed = '', gone = '', strange = '', odd = ''] = ids;
    const service = createAlertService([
      { _id: open, resolutionStatusValue: 0, severityValue: 0 },
      { _id: high, resolutionStatusValue: 0, severityValue: 2 },
      { _id: closed, resolutionStatusValue: 5 },
      { _id: strange, resolutionStatusValue: 'shut' },
      { _id: odd, resolutionStatusValue: 77 },
    ]);
    const plan = await planClose(service.api(), VERDICTS.benign, { alert_ids: ids });
    expect(plan.targets.map(({ id, state }) => [id, state])).toEqual([
      [open, 'open low'],
      [high, 'open high'],
    ]);
    expect(plan.leftOut).toEqual([
      { id: closed, why: 'already closed (true_positive)' },
      { id: gone, why: 'not found' },
      { id: strange, why: 'unreadable' },
      { id: odd, why: 'already closed' },
    ]);
    expect(plan.current).toEqual({
      status: 'unknown',
      closed: 0,
      closed_ids: [],
      already_closed: [closed, odd],
      not_found: [gone],
      not_closed: [open, high],
      unknown: [strange],
      warning: 'The ids in not_found are of no alert; mdca_get_open_alerts and mdca_list_alerts list alert ids.',
    });
    expect(service.reads).toEqual([ids]);
    expect(service.writes).toEqual([]);
  });

  test('says what is done, what undoes it, and which phrase confirms it', async () => {
    const service = createAlertService(openAlerts(idsTo(2)));
    const plan = await planClose(service.api(), VERDICTS.benign, { alert_ids: idsTo(3), comment: 'Travel' });
    expect(plan).toMatchObject({
      phrase: 'close 2',
      does: 'Close 2 of 3 alerts as benign. They leave the open list; mdca_reopen_alert can open them again.',
      untrusted: { 'comment of the agent': 'Travel' },
    });
  });

  test('names the reason', async () => {
    const { does } = await planFor({ _id: idOf(1), resolutionStatusValue: 0 }, { reason: 'other' });
    expect(does).toMatch(/^Close 1 of 1 alerts as benign \(reason other\)\. They leave/);
  });

  test.each([
    ['benign', 'as benign'],
    ['false_positive', 'as false positive'],
    ['true_positive', 'as true positive'],
    ['dismissed', 'as dismissed, which the service maps to false positive'],
    ['resolved', 'as resolved, which the service maps to true positive'],
  ] as const)('of %s says %s', async (name, as) => {
    const service = createAlertService(openAlerts(idsTo(1)));
    const { does } = await planClose(service.api(), VERDICTS[name], { alert_ids: idsTo(1) });
    expect(does).toMatch(new RegExp(`^Close 1 of 1 alerts ${as}\\. `));
  });

  test('does not take an alert for gone that a page did not show', async () => {
    const service = createAlertService([]);
    service.faults.read = () => reply(200, { data: [], hasNext: true });
    const plan = await planClose(service.api(), VERDICTS.benign, { alert_ids: [idOf(1)] });
    expect(plan.leftOut).toEqual([{ id: idOf(1), why: 'unreadable' }]);
  });
});

describe('a target', () => {
  test('whose severity cannot be told says so', async () => {
    expect(await targetFor({ severityValue: 77 })).toMatchObject({ state: 'open unknown' });
  });

  test.each([
    [-5 * MINUTE, '0 minutes'],
    [0, '0 minutes'],
    [MINUTE - 1, '0 minutes'],
    [59 * MINUTE, '59 minutes'],
    [2 * HOUR - 1, '119 minutes'],
    [2 * HOUR, '2 hours'],
    [2 * DAY - 1, '47 hours'],
    [2 * DAY, '2 days'],
    [400 * DAY, '400 days'],
  ])('raised %i ms ago is told by its time and %s', async (age, words) => {
    const raised = new Date(NOW - age).toISOString().slice(0, 16);
    expect(await targetFor({ timestamp: NOW - age })).toMatchObject({ facts: `raised ${raised}Z, ${words} ago` });
  });

  test('that bears no time has none', async () => {
    expect((await targetFor({}))?.facts).toBeUndefined();
  });

  test.each([
    [[], undefined],
    [[{ id: 'u1', label: 'Ada' }], 'Ada'],
    [[{ id: 'u1' }], 'u1'],
    [[{ id: 'u1', label: 'Ada' }, { id: 'u2' }], 'Ada and 1 more'],
    [[{ id: 'u1' }, { id: 'u2' }, { id: 'u3' }], 'u1 and 2 more'],
  ])('with the accounts %j has the user %s', async (accounts, user) => {
    const entities = accounts.map((account) => ({ type: 'account', ...account }));
    const target = await targetFor({ entities, title: 'Odd sign-in' });
    expect(target?.untrusted).toEqual({ user, title: 'Odd sign-in' });
  });
});
