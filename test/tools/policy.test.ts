import { describe, expect, test } from 'vitest';
import { type Fixture, textOf, withFixture } from '../fixture.ts';
import { writesOf } from '../writes/writing.ts';

const policyOf = ({ emulator }: Fixture, enabled: boolean) => {
  const policy = emulator.state.policies.find((each) => each.enabled === enabled);
  if (!policy) throw new Error('the tenant has no such policy');
  return policy;
};
const callsOf = ({ emulator }: Fixture) =>
  emulator.requests.map(({ method, path, rawBody }) => `${method} ${path} ${rawBody}`.trim());

describe.each([
  ['mdca_enable_policy', 'enable', true],
  ['mdca_disable_policy', 'disable', false],
] as const)('%s', (name, verb, wanted) => {
  test('switches by its route, then reads back', () =>
    withFixture(async (fixture) => {
      const { _id: policy_id } = policyOf(fixture, !wanted);
      const result = await fixture.call(name, { policy_id });
      expect(result.structuredContent).toMatchObject({
        status: `${verb}d`,
        policy: { id: policy_id, enabled: wanted },
      });
      const read = `GET /cas/api/v1/policies/${policy_id}/`;
      // In between, the plan counts the open alerts of the policy.
      const calls = callsOf(fixture).filter((call) => call.includes('/policies/'));
      expect(calls).toEqual([read, `POST /cas/api/v1/policies/${policy_id}/${verb}/ {}`, read]);
    }));

  test('sends once where the answer is lost, and reports the state that was read', () =>
    withFixture(async (fixture) => {
      const { _id: policy_id } = policyOf(fixture, !wanted);
      fixture.emulator.fault({ kind: 'reset', path: verb });
      const result = await fixture.call(name, { policy_id });
      expect(result.structuredContent).toMatchObject({ status: wanted ? 'disabled' : 'enabled' });
      expect(textOf(result)).toContain('not repeated');
      expect(textOf(result)).toContain(`still ${wanted ? 'disabled' : 'enabled'}`);
      expect(writesOf(fixture)).toHaveLength(1);
    }));

  test('reports unverified where the service accepts and the state cannot be read', () =>
    withFixture(async (fixture) => {
      const { _id: policy_id } = policyOf(fixture, !wanted);
      fixture.emulator.fault({ kind: 'slow', delayMs: 0, method: 'GET' });
      fixture.emulator.fault({ kind: 'status', status: 404, method: 'GET' });
      const result = await fixture.call(name, { policy_id });
      expect(result.structuredContent).toMatchObject({ status: 'unverified', policy: { id: policy_id } });
    }));

  test('says which setting names the route where a tenant lacks it, and tries nothing else', () =>
    withFixture(async (fixture) => {
      fixture.emulator.fault({ kind: 'status', status: 405, effect: 'write' });
      const result = await fixture.call(name, { policy_id: policyOf(fixture, !wanted)._id });
      expect(textOf(result)).toMatch(new RegExp(`^route_refused: .*MDCA_ROUTE_${verb.toUpperCase()}_POLICY`));
      expect(fixture.emulator.requests.at(-1)?.status).toBe(405);
      expect(writesOf(fixture)).toHaveLength(1);
    }));
});

test('a route that a setting overrides is called in its place', () =>
  withFixture(
    async (fixture) => {
      const { _id } = policyOf(fixture, true);
      const result = await fixture.call('mdca_get_policy', { policy_id: _id });
      expect(result.structuredContent).toMatchObject({ id: _id });
      expect(callsOf(fixture)).toEqual([`GET /api/v1/policies/${_id}/`]);
    },
    { environment: { MDCA_ROUTE_GET_POLICY: '/api/v1/policies/{id}/' } },
  ));

test('a reply with another policy than the one that was asked for is unreadable', () =>
  withFixture(async (fixture) => {
    const body = JSON.stringify({ _id: 'b'.repeat(24), name: 'Other', enabled: false });
    fixture.emulator.fault({ kind: 'status', status: 200, body });
    expect(textOf(await fixture.call('mdca_get_policy', { policy_id: 'a'.repeat(24) }))).toMatch(/^unreadable: /);
  }));

test("a policy needs only what the connector's own result promises", () =>
  withFixture(async (fixture) => {
    const body = {
      name: 'Files',
      description: 'null',
      policyType: 'FILE',
      alertDailyLimit: null,
      lastModified: 1767600000000,
    };
    fixture.emulator.fault({ kind: 'status', status: 200, body: JSON.stringify(body) });
    const id = 'a'.repeat(24);
    const result = await fixture.call('mdca_get_policy', { policy_id: id });
    expect(result.structuredContent).toEqual({
      id,
      name: 'Files',
      policy_type: 'FILE',
      last_modified: '2026-01-05T08:00:00.000Z',
    });
  }));
