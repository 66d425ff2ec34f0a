import { expect, test } from 'vitest';
import type { Entity } from '../../src/emulator/records.ts';
import { START, startHarness } from './harness.ts';

const toPk = (key: unknown) => encodeURIComponent(Buffer.from(JSON.stringify(key)).toString('base64'));

test('entities are listed, filtered and sorted', async () => {
  const { get, post, emulator } = await startHarness();
  expect((await get('/api/v1/entities/')).json.total).toBe(emulator.state.entities.length);
  const admins = await post('/api/v1/entities/', { filters: { isAdmin: { eq: true } }, sortField: 'username' });
  const names = admins.json.data.map((entity: Entity) => entity.displayName);
  expect(names).toEqual(['Svc Update', 'Morgan Analyst', 'Devon Tester']);
  const guests = await post('/api/v1/entities/', { filters: { domain: { eq: 'fabrikam.com' }, type: { eq: 2 } } });
  expect(guests.json.data[0]).toMatchObject({ isExternal: true });
});

test('an entity is read by its pk, with its history and its tree', async () => {
  const { get, emulator } = await startHarness();
  const [entity] = emulator.state.entities;
  const pk = toPk({ inst: 0, saas: 11161, id: entity?.id });
  const { json } = await get(`/api/v1/entities/${pk}/`);
  expect(json).toEqual(entity);
  expect(json.threatScoreHistory.length).toBeGreaterThan(0);
  expect((await get(`/api/v1/entities/${pk}/retrieve_tree/`)).json).toEqual([entity]);
  const [account] = emulator.state.entities.filter(({ type }) => type === 1);
  const user = emulator.state.entities.find(({ type, email }) => type === 2 && email === account?.email);
  const key = { id: account?.id, saas: account?.appData.saas, inst: 0 };
  expect((await get(`/api/v1/entities/${toPk(key)}/retrieve_tree/`)).json).toEqual([user, account]);
  for (const unknown of [toPk({ id: 'x' }), 'garbage', toPk([1])]) {
    expect((await get(`/api/v1/entities/${unknown}/`)).status).toBe(404);
    expect((await get(`/api/v1/entities/${unknown}/retrieve_tree/`)).status).toBe(404);
  }
});

test('the governance log knows filters of time only; any other silently empties it', async () => {
  const { post, get, emulator } = await startHarness();
  const path = '/api/v1/governance/';
  const since = START - 30 * 3_600_000;
  const expected = emulator.state.governance.filter((task) => task.timestamp >= since);
  expect((await post(path, { filters: { timestamp: { gte: since } } })).json.total).toBe(expected.length);
  const silent = await post(path, { filters: { taskName: { eq: 'DiscoveryParseLogTask' } } });
  expect([silent.status, silent.json.data]).toEqual([200, []]);
  const [task] = emulator.state.governance;
  expect((await get(`${path}${task?._id}/`)).json).toEqual(task);
  expect((await get(`${path}x/`)).status).toBe(404);
});
