import { describe, expect, test } from 'vitest';
import type { Activity } from '../../src/emulator/records.ts';
import { START, startHarness } from './harness.ts';

const PATH = '/api/v1/activities/';
const userOf = (activity: Activity) => activity.entityData['2'].id.id;

test('activities of one person are listed, newest first', async () => {
  const { post, emulator } = await startHarness();
  const id = emulator.state.entities[0]?.id ?? '';
  const mine = emulator.state.activities.filter((activity) => userOf(activity) === id);
  for (const key of [{ id, saas: 11161, inst: 0 }, { id }]) {
    const { json } = await post(PATH, { filters: { entity: { eq: [key] } }, limit: 7 });
    expect(json).toMatchObject({ total: mine.length, hasNext: true, max: 100 });
    expect(json.data).toHaveLength(7);
    expect(json.data[0].timestamp).toBe(Math.max(...mine.map((activity) => activity.timestamp)));
  }
});

test('activities of an unknown person are an empty list', async () => {
  const { post } = await startHarness();
  const { status, json } = await post(PATH, { filters: { entity: { eq: [{ id: 'nobody', saas: 11161, inst: 0 }] } } });
  expect([status, json.data, json.total]).toEqual([200, [], 0]);
});

test('activities behind an alert are found by its id', async () => {
  const { post, emulator } = await startHarness();
  const [first] = emulator.state.alertActivities;
  const ids = emulator.state.alertActivities.filter(({ alertId }) => alertId === first?.alertId);
  const { json } = await post(PATH, { filters: { 'activity.alertId': { eq: first?.alertId } } });
  expect(json.data.map((it: Activity) => it._id).sort()).toEqual(ids.map(({ activityId }) => activityId).sort());
});

test.each<[string, Record<string, unknown>, (activity: Activity) => boolean]>([
  ['app', { service: { eq: [20893] } }, (it) => it.appId === 20893],
  ['address', { 'ip.address': { startswith: '203.0.113.' } }, (it) => it.device.clientIP.startsWith('203.0.113.')],
  ['not address', { 'ip.address': { doesnotstartwith: ['192.'] } }, (it) => !it.device.clientIP.startsWith('192.')],
  ['country', { 'location.country': { neq: ['US', 'IE', 'IN'] } }, (it) => !/US|IE|IN/.test(it.location.countryCode)],
  ['category', { 'activity.eventType': { eq: ['EVENT_CATEGORY_FAILED_LOGIN'] } }, (it) => !!it.failedUserData],
  [
    'user name',
    { 'user.username': { eq: 'avery.example@contoso.com' } },
    (it) => /^avery/.test(it.user.userName ?? ''),
  ],
  ['no user name', { 'user.username': { isnotset: true } }, (it) => it.user.userName === undefined],
  ['domain', { 'user.domain': { eq: 'fabrikam.com' } }, (it) => /fabrikam/.test(it.user.userName ?? '')],
  ['agent', { 'userAgent.userAgent': { contains: ['requests'] } }, (it) => /requests/.test(it.device.userAgent)],
  ['not agent', { 'userAgent.userAgent': { ncontains: ['mozilla'] } }, (it) => !/mozilla/i.test(it.device.userAgent)],
  ['text', { text: { text: 'bank details' } }, (it) => /bank details/i.test(it.description)],
  ['admin', { 'activity.type': { eq: true } }, (it) => it.classifications.includes('admin')],
  ['after', { created: { gt: START - 9e7 } }, (it) => it.created > START - 9e7],
  ['device', { 'device.type': { eq: ['MOBILE'] } }, (it) => it.userAgent.deviceType === 'MOBILE'],
  ['VPN', { 'ip.category': { eq: 4 } }, (it) => it.location.category === 4],
])('activities are filtered by %s', async (_name, filters, expected) => {
  const { post, emulator } = await startHarness();
  const matching = emulator.state.activities.filter(expected);
  expect(matching.length).toBeGreaterThan(0);
  expect((await post(PATH, { filters })).json.total).toBe(matching.length);
});

test('one activity is read by its id', async () => {
  const { get, emulator } = await startHarness();
  const [activity] = emulator.state.activities;
  expect((await get(`${PATH}${activity?._id}/`)).json).toEqual(activity);
  expect((await get(`${PATH}nothing/`)).status).toBe(404);
});

test('a page may not go beyond 5,000 records', async () => {
  const { post, emulator } = await startHarness();
  const [activity] = emulator.state.activities;
  if (!activity) throw new Error('no activity');
  for (let count = 0; count < 6000; count += 1) emulator.state.activities.push({ ...activity, _id: `copy ${count}` });
  const last = await post(PATH, { skip: 4950, limit: 50 });
  expect([last.status, last.json.data.length, last.json.hasNext]).toEqual([200, 50, true]);
  for (const body of [{ skip: 4951, limit: 50 }, { skip: 4901 }, { skip: 5000, limit: 1 }]) {
    expect((await post(PATH, body)).status).toBe(400);
  }
});

describe('a scan', () => {
  test.each(['asc', 'desc'])('in the order %s lists each activity once, page by page', async (sortDirection) => {
    const { post, emulator } = await startHarness();
    const ids: string[] = [];
    let pages = 0;
    for (let filters: unknown = { date: { gte_ndays: 30 } }; filters; pages += 1) {
      const { json } = await post(PATH, { filters, isScan: true, limit: 500, sortDirection });
      ids.push(...json.data.map((activity: Activity) => activity._id));
      expect(json.hasNext).toBe(json.nextQueryFilters !== undefined);
      filters = json.nextQueryFilters;
    }
    expect(pages).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(emulator.state.activities.length);
  });

  test('gets past more records of one time than a page holds', async () => {
    const { post, emulator } = await startHarness();
    const { activities } = emulator.state;
    const [activity] = activities;
    if (!activity) throw new Error('no activity');
    for (let count = 0; count < 1300; count += 1) activities.push({ ...activity, _id: `copy ${count}`, uid: '' });
    const ids: string[] = [];
    for (let filters: unknown = {}; filters; ) {
      const { json } = await post(PATH, { filters, isScan: true, limit: 500 });
      ids.push(...json.data.map((it: Activity) => it._id));
      filters = json.nextQueryFilters;
    }
    expect(ids.sort()).toEqual(activities.map(({ _id }) => _id).sort());
  });

  test('can go by the date of saving, and refuses a wrong limit or filter', async () => {
    const { post } = await startHarness();
    const { json } = await post(PATH, { isScan: true, sortField: 'created' });
    expect(json.nextQueryFilters).toEqual({ created: { lte: expect.any(Number) } });
    expect((await post(PATH, { isScan: true, limit: 'all' })).status).toBe(400);
    expect((await post(PATH, { isScan: true, filters: { colour: { eq: 1 } } })).status).toBe(400);
  });

  test('alone answers with nextQueryFilters', async () => {
    const { post } = await startHarness();
    expect((await post(PATH, {})).json).not.toHaveProperty('nextQueryFilters');
  });
});
