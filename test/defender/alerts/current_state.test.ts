import { expect, test } from 'vitest';
import { readStates } from '../../../src/defender/alerts/current_state.ts';
import { createAlertService, idOf, idsTo, ORIGIN, openAlerts, reply } from './service.ts';

test('alerts are read by id, 100 a call, each once', async () => {
  const ids = idsTo(201);
  const service = createAlertService(openAlerts(ids));
  const { byId, complete } = await readStates(service.api(), ids);
  expect(service.reads).toEqual([ids.slice(0, 100), ids.slice(100, 200), ids.slice(200)]);
  expect([...byId.keys()]).toEqual(ids);
  expect(complete).toBe(true);
});

test('nothing is read for no alerts', async () => {
  const service = createAlertService([]);
  expect(await readStates(service.api(), [])).toEqual({ byId: new Map(), complete: true });
  expect(service.reads).toEqual([]);
});

test('a state is the number that the record bears, and its alert links to the tenant', async () => {
  const [one, two, three, four] = [idOf(1), idOf(2), idOf(3), idOf(4)];
  const service = createAlertService([
    { _id: one, resolutionStatusValue: 4 },
    { _id: two },
    { _id: three, resolutionStatusValue: 'closed' },
    { _id: four.toUpperCase(), resolutionStatusValue: 0 },
  ]);
  const { byId } = await readStates(service.api(), [one, two, three, four]);
  expect([...byId].map(([id, { status }]) => [id, status])).toEqual([
    [one, 4],
    [two, undefined],
    [three, -1],
    [four, 0],
  ]);
  expect(byId.get(one)?.alert).toMatchObject({ id: one, status: 'benign', url: `${ORIGIN}/#/alerts/${one}` });
});

test.each([
  ['a record that cannot be read', { data: [{ _id: idOf(1) }, { _id: 7 }], hasNext: false }],
  ['more that was not given', { data: [{ _id: idOf(1) }], hasNext: true }],
])('what was read is not complete with %s, whatever the next hundred brings', async (_what, page) => {
  const ids = idsTo(101);
  const service = createAlertService(openAlerts(ids));
  service.faults.read = (_request, asked) => (asked.length > 1 ? reply(200, page) : undefined);
  expect(await readStates(service.api(), ids)).toMatchObject({ complete: false });
});

test('what was not complete in the last hundred is not complete', async () => {
  const ids = idsTo(101);
  const service = createAlertService(openAlerts(ids));
  service.faults.read = (_request, asked) =>
    asked.length === 1 ? reply(200, { data: [{ _id: 7 }], hasNext: false }) : undefined;
  expect(await readStates(service.api(), ids)).toMatchObject({ complete: false });
});

test('a service that ignores the filter is not believed', async () => {
  const service = createAlertService([]);
  service.faults.read = () => reply(200, { data: [{ _id: idOf(1) }, { _id: idOf(3) }], hasNext: false });
  await expect(readStates(service.api(), [idOf(1), idOf(2)])).rejects.toMatchObject({
    code: 'unreadable',
    detail: 'The service returned alerts that were not asked for.',
  });
});

test('a read that fails is told', async () => {
  const service = createAlertService([]);
  service.faults.read = () => reply(403);
  await expect(readStates(service.api(), [idOf(1)])).rejects.toMatchObject({ code: 'forbidden' });
});
