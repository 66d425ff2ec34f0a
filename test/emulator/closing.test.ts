import { describe, expect, test } from 'vitest';
import { type Harness, START, startHarness } from './harness.ts';

const UNKNOWN = '0'.repeat(24);

const openAlerts = ({ emulator }: Harness) =>
  emulator.state.alerts.filter((alert) => alert.resolutionStatusValue === 0);
const byIds = (ids: string[]) => ({ filters: { id: { eq: ids } } });

const VERBS = [
  ['close_benign', 'closed_benign', 4],
  ['close_false_positive', 'closed_false_positive', 3],
  ['close_true_positive', 'closed_true_positive', 5],
  ['dismiss_bulk', 'dismissed', 3],
  ['resolve', 'resolved', 5],
] as const;

describe.each(VERBS)('%s', (verb, reply, resolution) => {
  const path = `/api/v1/alerts/${verb}/`;

  test('closes alerts, and records by whom and when', async () => {
    const harness = await startHarness();
    const [first, second, third] = openAlerts(harness);
    const ids = [first?._id ?? '', second?._id.toUpperCase() ?? ''];
    const { status, json } = await harness.post(path, { ...byIds(ids), comment: 'seen' });
    expect([status, json]).toEqual([200, { [reply]: 2 }]);
    expect(first).toMatchObject({
      resolutionStatusValue: resolution,
      comment: 'seen',
      handledByUser: 'morgan.analyst@contoso.com',
      resolveTime: new Date(START).toISOString(),
    });
    expect(third?.resolutionStatusValue).toBe(0);
  });

  test('names unknown and closed alerts, and leaves the closed ones as they are', async () => {
    const harness = await startHarness();
    const open = openAlerts(harness)[0];
    const closed = harness.emulator.state.alerts.find((alert) => alert.resolutionStatusValue !== 0);
    const before = structuredClone(closed);
    const { json } = await harness.post(path, byIds([open?._id ?? '', closed?._id ?? '', UNKNOWN, UNKNOWN]));
    expect(json).toEqual({ [reply]: 1, alertsNotFound: [closed?._id, UNKNOWN] });
    expect(closed).toEqual(before);
    expect(open?.comment).toBeNull();
  });

  test.each([undefined, {}, { filters: {} }, { filters: { id: { eq: [] } } }, { comment: 'x' }])(
    'body %o closes every open alert, unless told to reject',
    async (body) => {
      const harness = await startHarness();
      const count = openAlerts(harness).length;
      expect((await harness.post(path, body)).json).toEqual({ [reply]: count });
      expect(openAlerts(harness)).toHaveLength(0);

      const strict = await startHarness({ emptyFilter: 'reject' });
      expect((await strict.post(path, body)).status).toBe(400);
      expect(openAlerts(strict)).toHaveLength(count);
    },
  );

  test('refuses the misprinted filter "ID", or closes every open alert with it', async () => {
    const filters = { ID: { eq: [UNKNOWN] } };
    const harness = await startHarness();
    expect((await harness.post(path, { filters })).status).toBe(400);
    const loose = await startHarness({ unknownFilter: 'ignore' });
    await loose.post(path, { filters });
    expect(openAlerts(loose)).toHaveLength(0);
  });

  test('takes any filter, and closes nothing for a malformed id', async () => {
    const harness = await startHarness();
    const high = openAlerts(harness).filter((alert) => alert.severityValue === 2).length;
    const before = openAlerts(harness).length;
    expect((await harness.post(path, byIds(['abc', UNKNOWN]))).status).toBe(400);
    expect((await harness.post(path, { filters: { severity: { eq: 2 } } })).json).toEqual({ [reply]: high });
    expect(openAlerts(harness)).toHaveLength(before - high);
  });
});

test('close_benign and close_false_positive accept only their own reasons', async () => {
  const harness = await startHarness();
  const close = async (verb: string, reasonId: unknown) => {
    const body = { ...byIds([openAlerts(harness)[0]?._id ?? '']), reasonId };
    return (await harness.post(`/api/v1/alerts/${verb}/`, body)).status;
  };
  for (const reason of [2, 4, 5, 6]) expect(await close('close_benign', reason)).toBe(200);
  for (const reason of [0, 1, 3, 4]) expect(await close('close_false_positive', reason)).toBe(200);
  expect(await close('close_benign', 0)).toBe(400);
  expect(await close('close_false_positive', 6)).toBe(400);
  expect(await close('close_true_positive', 6)).toBe(200);
});

test('a single alert can be dismissed', async () => {
  const harness = await startHarness();
  const alert = openAlerts(harness)[0];
  expect((await harness.post(`/api/v1/alerts/${alert?._id}/dismiss/`)).json).toEqual({ dismissed: 1 });
  expect(alert?.resolutionStatusValue).toBe(3);
  expect((await harness.post(`/api/v1/alerts/${alert?._id}/dismiss/`)).json).toMatchObject({ dismissed: 0 });
  expect((await harness.post(`/api/v1/alerts/${UNKNOWN}/dismiss/`)).status).toBe(404);
});

test('reopen opens closed alerts again', async () => {
  const harness = await startHarness();
  const alert = openAlerts(harness)[0];
  await harness.post('/api/v1/alerts/close_benign/', byIds([alert?._id ?? '']));
  const reply = await harness.post('/api/v1/alerts/reopen/', byIds([alert?._id ?? '', UNKNOWN]));
  expect(reply.json).toEqual({ reopened: 1 });
  expect(alert).toMatchObject({ resolutionStatusValue: 0, resolveTime: null, handledByUser: null });
});

test.each([undefined, {}, { filters: {} }, { filters: { id: { eq: [] } } }])(
  'reopen with body %o opens every closed alert, unless told to reject',
  async (body) => {
    const harness = await startHarness();
    const closed = harness.emulator.state.alerts.length - openAlerts(harness).length;
    expect((await harness.post('/api/v1/alerts/reopen/', body)).json).toEqual({ reopened: closed });
    expect(openAlerts(harness)).toHaveLength(harness.emulator.state.alerts.length);

    const strict = await startHarness({ emptyFilter: 'reject' });
    expect((await strict.post('/api/v1/alerts/reopen/', body)).status).toBe(400);
    expect(strict.emulator.state.alerts.length - openAlerts(strict).length).toBe(closed);
  },
);

test('close and reopen leave the read state as it was, and a read-back shows both', async () => {
  const harness = await startHarness();
  const [alert] = openAlerts(harness);
  const path = `/api/v1/alerts/${alert?._id}/`;
  await harness.post(`${path}unread/`);
  await harness.post('/api/v1/alerts/close_true_positive/', { ...byIds([alert?._id ?? '']), comment: 'seen' });
  expect((await harness.get(path)).json).toMatchObject({ statusValue: 0, resolutionStatusValue: 5, comment: 'seen' });
  await harness.post(`${path}read/`);
  await harness.post('/api/v1/alerts/reopen/', byIds([alert?._id ?? '']));
  expect((await harness.get(path)).json).toMatchObject({ statusValue: 1, resolutionStatusValue: 0, comment: null });
});
