import { describe, expect, test } from 'vitest';
import { type Fixture, textOf, withFixture } from '../fixture.ts';
import { writesOf } from '../writes/writing.ts';

/** Some statuses after which the service may have carried a write out all the same. */
const UNCLEAR = [302, 304, 400, 405, 408, 409, 415, 422];
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

  test('says which setting names the route where a tenant lacks it, and tries no other', () =>
    withFixture(async (fixture) => {
      fixture.emulator.fault({ kind: 'status', status: 405, effect: 'write' });
      const result = await fixture.call(name, { policy_id: policyOf(fixture, !wanted)._id });
      expect(textOf(result)).toMatch(new RegExp(`^route_refused: .*MDCA_ROUTE_${verb.toUpperCase()}_POLICY`));
      expect(textOf(result)).toContain('It was not repeated, and reading afterwards shows no change.');
      expect(writesOf(fixture)).toHaveLength(1);
    }));

  test.each(UNCLEAR)('HTTP %i after it took place: sent once, read back, reported', (status) =>
    withFixture(async (fixture) => {
      const { _id: policy_id } = policyOf(fixture, !wanted);
      fixture.emulator.fault({ kind: 'status', status, body: '', applied: true, effect: 'write' });
      const result = await fixture.call(name, { policy_id });
      expect(result.structuredContent).toMatchObject({ status: `${verb}d`, policy: { enabled: wanted } });
      expect(textOf(result)).toContain('not repeated');
      expect(writesOf(fixture)).toHaveLength(1);
    }),
  );

  test.each(UNCLEAR)('HTTP %i before it took place: sent once, read back, an error that says so', (status) =>
    withFixture(async (fixture) => {
      const { _id: policy_id } = policyOf(fixture, !wanted);
      fixture.emulator.fault({ kind: 'status', status, body: '', effect: 'write' });
      const text = textOf(await fixture.call(name, { policy_id }));
      expect(text).toMatch(/^(rejected|route_refused|conflict|redirected): .*reading afterwards shows no change/);
      expect(callsOf(fixture).at(-1)).toBe(`GET /cas/api/v1/policies/${policy_id}/`);
      expect(writesOf(fixture)).toHaveLength(1);
    }),
  );

  test('a refusal that cannot be read back is an error that leaves both open', () =>
    withFixture(async (fixture) => {
      const { _id: policy_id } = policyOf(fixture, !wanted);
      fixture.emulator.fault({ kind: 'status', status: 400, effect: 'write' });
      fixture.emulator.fault({ kind: 'slow', delayMs: 0, method: 'GET' });
      fixture.emulator.fault({ kind: 'status', status: 403, method: 'GET' });
      const text = textOf(await fixture.call(name, { policy_id }));
      expect(text).toMatch(/^rejected: .*reading the state back failed too \(forbidden\)/);
      expect(text).toContain('Retry: read the present state first');
    }));

  test('a read-back of another policy proves nothing', () =>
    withFixture(async (fixture) => {
      const { _id: policy_id } = policyOf(fixture, !wanted);
      fixture.emulator.fault({ kind: 'slow', delayMs: 0, method: 'GET' });
      const body = JSON.stringify({ _id: 'b'.repeat(24), name: 'Other', enabled: wanted });
      fixture.emulator.fault({ kind: 'status', status: 200, body, method: 'GET' });
      const result = await fixture.call(name, { policy_id });
      expect(result.structuredContent).toMatchObject({ status: 'unverified', policy: { id: policy_id } });
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

test.each(['b'.repeat(24), 'a'.repeat(23), '', 7, Number('1'.repeat(24)), true, ['b'], { $oid: 'a'.repeat(24) }])(
  'a reply whose policy has the id %j, which was not asked for, is unreadable',
  (_id) =>
    withFixture(async (fixture) => {
      fixture.emulator.fault({
        kind: 'status',
        status: 200,
        body: JSON.stringify({ _id, name: 'Other', enabled: false }),
      });
      const result = await fixture.call('mdca_get_policy', { policy_id: 'a'.repeat(24) });
      expect(textOf(result)).toMatch(/^unreadable: The service returned another policy/);
    }),
);

test.each(['a'.repeat(24), 'A'.repeat(24), null, undefined])(
  'a reply whose policy has the id %j is that policy',
  (_id) =>
    withFixture(async (fixture) => {
      fixture.emulator.fault({
        kind: 'status',
        status: 200,
        body: JSON.stringify({ _id, name: 'It', enabled: false }),
      });
      const result = await fixture.call('mdca_get_policy', { policy_id: 'a'.repeat(24) });
      expect(result.structuredContent).toMatchObject({ id: 'a'.repeat(24), name: 'It' });
    }),
);

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
