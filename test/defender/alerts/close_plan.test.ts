import { describe, expect, test } from 'vitest';
import { planClose } from '../../../src/defender/alerts/close_plan.ts';
import { VERDICTS } from '../../../src/defender/alerts/verdicts.ts';
import { createAlertService, idOf, idsTo, type Kept, openAlerts, reply } from './service.ts';

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
      does:
        'Close 2 of 3 alerts as benign: 2 medium; 0 users.\n' +
        'They leave the open list; mdca_reopen_alert can open them again.',
      untrusted: { 'comment of the agent': 'Travel' },
    });
  });

  test('names the reason', async () => {
    const { does } = await planFor({ _id: idOf(1), resolutionStatusValue: 0 }, { reason: 'other' });
    expect(does).toMatch(/^Close 1 of 1 alerts as benign \(reason other\): .*\.\nThey leave/);
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
    expect(does).toMatch(new RegExp(`^Close 1 of 1 alerts ${as}: `));
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
});
