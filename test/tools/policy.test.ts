import { describe, expect, test } from 'vitest';
import { type House, inHouse, textOf } from '../house.ts';

const policyOf = ({ emulator }: House, enabled: boolean) => {
  const policy = emulator.state.policies.find((each) => each.enabled === enabled);
  if (!policy) throw new Error('the tenant has no such policy');
  return policy;
};
const callsOf = ({ emulator }: House) =>
  emulator.requests.map(({ method, path, rawBody }) => `${method} ${path} ${rawBody}`.trim());

describe.each([
  ['mdca_enable_policy', 'enable', true],
  ['mdca_disable_policy', 'disable', false],
] as const)('%s', (name, verb, wanted) => {
  test('switches by its route, then reads back', () =>
    inHouse(async (house) => {
      const { _id: policy_id } = policyOf(house, !wanted);
      const result = await house.call(name, { policy_id });
      expect(result.structuredContent).toMatchObject({
        status: `${verb}d`,
        policy: { id: policy_id, enabled: wanted },
      });
      expect(callsOf(house)).toEqual([
        `POST /cas/api/v1/policies/${policy_id}/${verb}/ {}`,
        `GET /cas/api/v1/policies/${policy_id}/`,
      ]);
    }));

  test('a lost answer: sent once, and the state that was read is reported', () =>
    inHouse(async (house) => {
      const { _id: policy_id } = policyOf(house, !wanted);
      house.emulator.fault({ kind: 'reset', path: verb });
      const result = await house.call(name, { policy_id });
      expect(result.structuredContent).toMatchObject({ status: wanted ? 'disabled' : 'enabled' });
      expect(textOf(result)).toContain('not repeated');
      expect(textOf(result)).toContain(`still ${wanted ? 'disabled' : 'enabled'}`);
      expect(callsOf(house).filter((call) => call.startsWith('POST'))).toHaveLength(1);
    }));

  test('accepted, but the state cannot be read: unverified', () =>
    inHouse(async (house) => {
      const { _id: policy_id } = policyOf(house, !wanted);
      house.emulator.fault({ kind: 'status', status: 404, method: 'GET' });
      const result = await house.call(name, { policy_id });
      expect(result.structuredContent).toMatchObject({ status: 'unverified', policy: { id: policy_id } });
    }));

  test('a tenant without the route: says which setting names it, and tries nothing else', () =>
    inHouse(async (house) => {
      house.emulator.fault({ kind: 'status', status: 405 });
      const result = await house.call(name, { policy_id: policyOf(house, !wanted)._id });
      expect(textOf(result)).toMatch(new RegExp(`^route_refused: .*MDCA_ROUTE_${verb.toUpperCase()}_POLICY`));
      expect(house.emulator.requests).toHaveLength(1);
    }));
});

test('an overridden route is the one that is called', () =>
  inHouse(
    async (house) => {
      const { _id } = policyOf(house, true);
      const result = await house.call('mdca_get_policy', { policy_id: _id });
      expect(result.structuredContent).toMatchObject({ id: _id });
      expect(callsOf(house)).toEqual([`GET /api/v1/policies/${_id}/`]);
    },
    { environment: { MDCA_ROUTE_GET_POLICY: '/api/v1/policies/{id}/' } },
  ));

test('another policy than was asked for is no answer', () =>
  inHouse(async (house) => {
    const body = JSON.stringify({ _id: 'b'.repeat(24), name: 'Other', enabled: false });
    house.emulator.fault({ kind: 'status', status: 200, body });
    expect(textOf(await house.call('mdca_get_policy', { policy_id: 'a'.repeat(24) }))).toMatch(/^unreadable: /);
  }));

test("a policy needs only what the connector's own result promises", () =>
  inHouse(async (house) => {
    const body = {
      name: 'Files',
      description: 'null',
      policyType: 'FILE',
      alertDailyLimit: null,
      lastModified: 1767600000000,
    };
    house.emulator.fault({ kind: 'status', status: 200, body: JSON.stringify(body) });
    const id = 'a'.repeat(24);
    const result = await house.call('mdca_get_policy', { policy_id: id });
    expect(result.structuredContent).toEqual({
      id,
      name: 'Files',
      policy_type: 'FILE',
      last_modified: '2026-01-05T08:00:00.000Z',
    });
  }));
