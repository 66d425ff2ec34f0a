import { describe, expect, test } from 'vitest';
import { parseCidr, rangeHolds } from '../../src/emulator/cidr.ts';
import type { Subnet } from '../../src/emulator/records.ts';
import { asReader, START, startHarness } from './harness.ts';

const LIST = '/api/v1/subnet/';
const CREATE = '/api/v1/subnet/create_rule/';

const valid = { name: 'Branch', category: 1, subnets: ['198.51.100.64/27', '2001:db8:7::/48'] };

test('the ranges of the company are listed, and one that the service brings along', async () => {
  const { get, post } = await startHarness();
  const { json } = await get(`${LIST}?sortField=name&sortDirection=asc`);
  expect(json.data.map(({ name }: Subnet) => name)).toContain('Contoso seattle');
  expect(json.data[0].subnets).toEqual([
    { mask: 123, address: '0000:0000:0000:0000:0000:ffff:c000:0220', originalString: '192.0.2.32/27' },
  ]);
  const byFilter = async (filters: object) =>
    (await post(`/cas${LIST}`, { filters })).json.data.map(({ name }: Subnet) => name);
  expect(await byFilter({ category: { eq: [4] } })).toEqual(['Contoso vpn']);
  expect(await byFilter({ builtIn: { eq: true } })).toEqual(['Microsoft Azure']);
  expect(await byFilter({ tags: { eq: ['Tor'] } })).toEqual(['Tor exits']);
});

describe('a new range', () => {
  test('is answered by its id as bare JSON, and is in the list', async () => {
    const { post, emulator } = await startHarness();
    const tags = ['Branches', { id: 'x', name: 'Named' }];
    const { status, json } = await post(CREATE, { ...valid, organization: 'Contoso', tags, unknown: 1 });
    expect([status, json]).toEqual([200, expect.stringMatching(/^[0-9a-f]{24}$/)]);
    const [found] = (await post(LIST, { filters: { tags: { eq: ['Named'] } } })).json.data;
    expect(found).toEqual({
      _id: json,
      _tid: 40001234,
      name: 'Branch',
      category: 1,
      subnets: [
        { mask: 123, address: '0000:0000:0000:0000:0000:ffff:c633:6440', originalString: '198.51.100.64/27' },
        { mask: 48, address: '2001:0db8:0007:0000:0000:0000:0000:0000', originalString: '2001:db8:7::/48' },
      ],
      location: null,
      organization: 'Contoso',
      tags: [
        { id: 'Branches', name: 'Branches' },
        { id: 'x', name: 'Named' },
      ],
      lastModified: START,
    });
    expect(new Set(emulator.state.subnets.map(({ _id }) => _id)).size).toBe(emulator.state.subnets.length);
  });

  test.each([
    { ...valid, name: '' },
    { ...valid, name: 'Contoso vpn' },
    { ...valid, name: undefined },
    { ...valid, category: 0 },
    { ...valid, category: 7 },
    { ...valid, category: 1.5 },
    { ...valid, category: '1' },
    { ...valid, subnets: [] },
    { ...valid, subnets: undefined },
    { ...valid, subnets: ['198.51.100.64'] },
    { ...valid, subnets: ['198.51.100.64/33'] },
    { ...valid, subnets: ['198.51.100.64/27', 'x'] },
    { ...valid, subnets: [1] },
  ])('is refused with 400, and nothing is added: %j', async (body) => {
    const { post, emulator } = await startHarness();
    const before = structuredClone(emulator.state);
    expect((await post(CREATE, body)).json).toMatchObject({ error: true });
    expect(emulator.state).toEqual(before);
  });

  test('needs the right to change settings, and POST', async () => {
    const harness = await startHarness();
    expect((await harness.post(CREATE, valid, asReader(harness))).status).toBe(403);
    expect((await harness.get(CREATE)).status).toBe(405);
  });
});

test.each([
  ['192.0.2.0/24', '192.0.2.255', true],
  ['192.0.2.0/24', '192.0.3.0', false],
  ['192.0.2.77/24', '192.0.2.1', true],
  ['192.0.2.7/32', '192.0.2.7', true],
  ['0.0.0.0/0', '203.0.113.1', true],
  ['2001:db8::/32', '2001:db8:ffff::1', true],
  ['2001:db8::/32', '2001:db9::', false],
  ['::ffff:192.0.2.0/120', '192.0.2.9', true],
  ['::/0', '192.0.2.9', true],
  ['192.0.2.0/24', 'no address', false],
])('%s holds %s: %s', (cidr, ip, holds) => {
  const parsed = parseCidr(cidr);
  expect(parsed).toBeDefined();
  expect(rangeHolds({ subnets: parsed ? [parsed] : [] }, ip)).toBe(holds);
});

test.each(['', '/24', '192.0.2.0', '192.0.2.0/', '192.0.2.0/-1', '192.0.2/24', 'fe80::1%eth0/64', '::/129', 'a/b/c'])(
  '%j is no range',
  (text) => {
    expect(parseCidr(text)).toBeUndefined();
  },
);
