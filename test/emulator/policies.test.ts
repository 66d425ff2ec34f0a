import { expect, test } from 'vitest';
import type { Policy } from '../../src/emulator/records.ts';
import { START, startHarness } from './harness.ts';

const PATH = '/cas/api/v1/policies/';

test('policies are listed by type', async () => {
  const { post, get, emulator } = await startHarness();
  expect((await get(PATH)).json.total).toBe(emulator.state.policies.length);
  const { json } = await post(PATH, { filters: { type: { eq: ['FILE', 'MALWARE'] } }, sortField: 'severity' });
  expect(json.data.map((policy: Policy) => policy.policyType).sort()).toEqual(['FILE', 'FILE', 'FILE', 'MALWARE']);
  expect(json.data[0].severity).toBe('HIGH');
});

test('a policy is read with and without its type in the path', async () => {
  const { get, emulator } = await startHarness();
  const [policy] = emulator.state.policies;
  const { _id: id, policyType } = policy ?? { _id: '', policyType: '' };
  for (const path of [`${id}/`, `${id.toUpperCase()}/`, `${policyType}/${id}/`, `/${id}/`]) {
    expect((await get(PATH + path)).json).toEqual(policy);
  }
  expect((await get(`${PATH}FILE/${id}/`)).status).toBe(404);
  expect((await get(`${PATH}${'0'.repeat(24)}/`)).status).toBe(404);
});

test('a policy is disabled and enabled, and a second time changes nothing', async () => {
  let now = START;
  const { post, get, emulator } = await startHarness({ now: () => now });
  const policy = emulator.state.policies.find((it) => it.enabled);
  const path = `${PATH}${policy?._id}/`;

  now += 1000;
  expect((await post(`${path}enable/`)).json).toEqual({});
  expect(policy?.lastModified).toBeLessThan(START);
  expect((await post(`${path}disable/`, {})).status).toBe(200);
  now += 1000;
  await post(`${path}disable/`, {});
  expect((await get(path)).json).toMatchObject({ enabled: false, lastModified: START + 1000 });
  await post(`${path}enable/`, {});
  expect((await get(path)).json).toMatchObject({ enabled: true, lastModified: START + 2000 });
});

test('an unknown policy gets 404', async () => {
  const { post } = await startHarness();
  expect((await post(`${PATH}${'0'.repeat(24)}/enable/`)).json).toEqual({ detail: 'Not found.' });
});
