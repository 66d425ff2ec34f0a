import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import type { WriteTool } from '../../src/tool/tool.ts';
import { membersIn } from '../call/meaning.ts';
import { POOL, randomArguments } from '../call/random_arguments.ts';
import { withFixture } from '../fixture.ts';
import { type Args, argsFor, WRITES } from '../samples.ts';
import { writesOf } from './writing.ts';

const RUNS = 150;
/** Nothing waits for the budget. */
const ENVIRONMENT = { MDCA_WRITES: 'allow', MDCA_CALLS_PER_MINUTE: '1000000' };

type Sent = Emulator['requests'][number];
type State = Emulator['state'];

/** What is wrong with a request that changes something; undefined for one that may leave. */
function faultOf({ path, body }: Sent, named: readonly string[]): string | undefined {
  if (path === '/api/v1/subnet/create_rule/') return faultOfRange(body);
  const ids = targetsOf(path, body);
  if (ids.length === 0) return 'names nothing';
  if (ids.length > 100) return `names ${ids.length}`;
  return ids.every((id) => named.includes(id)) ? undefined : `names ${ids}, which nobody has named`;
}

/** The items that a request changes: the one in its path, else those of a filter that says nothing else. */
function targetsOf(path: string, body: unknown): string[] {
  const [, id] = /^\/(?:cas\/)?api\/v1\/\w+\/(?:discovery_app\/)?([0-9a-f]{24}|\d+)\/\w+\/$/u.exec(path) ?? [];
  if (id !== undefined) return [id];
  const { filters = {} }: { filters?: Record<string, Record<string, unknown>> } = JSON.parse(JSON.stringify(body));
  const conditions = Object.entries(filters).flatMap(([field, tests]) =>
    Object.entries(tests).map(([operator, value]) => [`${field} ${operator}`, value] as const),
  );
  const [condition, ...more] = conditions;
  if (condition?.[0] !== 'id eq' || more.length > 0 || !Array.isArray(condition[1])) return [];
  return condition[1].map(String);
}

function faultOfRange(body: unknown): string | undefined {
  const { subnets }: { subnets?: unknown } = JSON.parse(JSON.stringify(body));
  if (!Array.isArray(subnets) || subnets.length === 0) return 'names no range';
  const wide = subnets.filter((subnet) => !isNarrow(String(subnet)));
  return wide.length === 0 ? undefined : `has the range ${wide}`;
}

/** All addresses of IPv4, as IPv6 has them. */
const MAPPED = { first: 0xffffn << 32n, last: (0xffffn << 32n) + 0xffffffffn };

/** At most a /19 of IPv6, and at most as much of IPv4 as a /8, however it is written. */
function isNarrow(subnet: string): boolean {
  const [, address = '', prefix = ''] = /^([^/]+)\/(\d+)$/u.exec(subnet) ?? [];
  const value = numberOf(address);
  const bits = isIPv4(address) ? 32 : 128;
  if (value === undefined || Number(prefix) > bits) return false;
  const size = 1n << BigInt(bits - Number(prefix));
  const first = (value / size) * size;
  const begin = first > MAPPED.first ? first : MAPPED.first;
  const end = first + size - 1n < MAPPED.last ? first + size - 1n : MAPPED.last;
  return size <= 1n << 109n && end - begin < 1n << 24n;
}

/** An address as a number, IPv4 where IPv6 has it. */
function numberOf(address: string): bigint | undefined {
  if (isIPv4(address)) {
    return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n) + MAPPED.first;
  }
  if (!isIPv6(address) || address.includes('%')) return undefined;
  const text = address.replace(/[\d.]+$/u, (end) => (isIPv4(end) ? asGroups(end) : end));
  const [head = '', tail] = text.split('::');
  const groups = (part = '') => part.split(':').filter(Boolean);
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: zeros }, () => '0'), ...groups(tail)];
  return all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function asGroups(ipv4: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

const WIDE = [
  ...['0.0.0.0/0', '0.0.0.0/7', '128.0.0.0/1', '10.0.0.0/7', '::/0', '2000::/3', '2001:db8::/18', '::/19', '::/80'],
  ...['::ffff:0.0.0.0/96', '::ffff:0:0/96', '::FFFF:10.0.0.0/103', '0:0:0:0:0:ffff:0:0/96', '::ffff:0.0.0.0/20'],
  ...[
    '0000:0000:0000:0000:0000:ffff:0.0.0.0/100',
    '::ffff:10.1.2.3/96',
    '::1/64',
    '::fffe:0:0/95',
    '::ffff:8.8.8.8/99',
  ],
];
const NARROW = [
  ...['192.0.2.0/24', '10.0.0.0/8', '10.1.2.3/8', '192.0.2.1', '::ffff:10.0.0.0/104', '::ffff:192.0.2.7'],
  ...['2001:db8::/32', '2001:db8::1', '2000::/19', '2001:db8::1.2.3.4/64'],
];
const ODD = [
  '',
  ' ',
  '/',
  '/8',
  '10/8',
  '10.0.0.0/',
  '10.0.0.0/-1',
  '10.0.0.0/8/0',
  '010.0.0.0/8',
  '10.0.0.0/0x8',
  '10.0.0.0/08',
];
const ODDER = ['fe80::1%eth0/64', 'fe80::%1/64', '1.2.3.4/33', '::/129', '[]', '*', 'all', '10.0.0.0-10.255.255.255'];

const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended(), mappedAddress());
const made = fc
  .tuple(address, fc.integer({ min: 0, max: 129 }), fc.constantFrom('', ' ', '0', '\t'))
  .map(([ip, prefix, odd]) => (odd === '0' ? `${ip}/0${prefix}` : `${odd}${ip}/${prefix}${odd}`));
const subnet = fc.oneof(fc.constantFrom(...WIDE), fc.constantFrom(...NARROW), fc.constantFrom(...ODD, ...ODDER), made);

function mappedAddress() {
  return fc.tuple(fc.constantFrom('::ffff:', '::FFFF:', '0:0:0:0:0:ffff:', '::'), fc.ipV4()).map(([a, b]) => a + b);
}

/** A list of ranges in every form that an agent may send it in. */
const subnets = fc.array(subnet, { maxLength: 3 }).chain((list) =>
  fc.constantFrom<unknown>(list, JSON.stringify(list), list.join(), list.join(' '), [list], [JSON.stringify(list)], {
    eq: list,
  }),
);

/** Random arguments of a tool, and now and then right ones; where it takes ranges, with random ones. */
function argumentsFor(tool: WriteTool): fc.Arbitrary<Args> {
  const sample = argsFor(tool.name);
  const random = fc.oneof(
    { weight: 5, arbitrary: randomArguments(tool, 3) },
    { weight: 1, arbitrary: fc.constant(sample) },
  );
  if (!('subnets' in tool.input.shape)) return random;
  return fc.oneof(
    random,
    subnets.map((given) => ({ ...sample, subnets: given })),
  );
}

/** A tenant in which each write finds what it changes: every third alert is closed, every second one read. */
function createReset(state: State): () => void {
  const models = state.alerts.slice(0, 1);
  const alerts = models.flatMap((model) =>
    POOL.map((_id, n) => ({
      ...model,
      _id,
      entities: [],
      resolutionStatusValue: n % 3 === 0 ? 4 : 0,
      statusValue: n % 2,
    })),
  );
  const { policies, apps, subnets: ranges } = structuredClone(state);
  const restore = <T>(kept: T[], whole: readonly T[]) => kept.splice(0, kept.length, ...structuredClone(whole));
  return () => {
    restore(state.alerts, alerts);
    restore(state.policies, policies);
    restore(state.apps, apps);
    restore(state.subnets, ranges);
  };
}

describe.each(WRITES)('%s, with whatever arguments', (name, tool) => {
  test('sends what names items that the arguments name, and no range that is too wide', () =>
    withFixture(
      async (fixture) => {
        const reset = createReset(fixture.emulator.state);
        let changes = 0;
        const property = fc.asyncProperty(argumentsFor(tool), async (args) => {
          reset();
          fixture.emulator.requests.length = 0;
          await fixture.client.callTool({ name, arguments: { ...args } });
          const named = membersIn(args[tool.targets], tool.targets).map((id) => String(id).toLowerCase());
          const sent = writesOf(fixture);
          changes += sent.length;
          const faults = sent.flatMap((request) => faultOf(request, named) ?? []);
          if (faults.length > 0) throw new Error(`${JSON.stringify(args)}: a request ${faults}`);
        });
        await fc.assert(property, { numRuns: 'subnets' in tool.input.shape ? 10 * RUNS : RUNS });
        expect(changes).toBeGreaterThan(0);
      },
      { environment: ENVIRONMENT },
    ));
});

test('each of these ranges is refused with no request made', () =>
  withFixture(
    async (fixture) => {
      const args = argsFor('mdca_add_ip_range');
      for (const each of [...WIDE, ...ODD, ...ODDER]) {
        for (const given of [[each], ['192.0.2.0/24', each]]) {
          const result = await fixture.call('mdca_add_ip_range', { ...args, subnets: given });
          expect([result.isError, fixture.emulator.requests.length], each).toEqual([true, 0]);
        }
      }
    },
    { environment: ENVIRONMENT },
  ));

test.each(NARROW)('the range %s is sent as one of CIDR', (each) =>
  withFixture(
    async (fixture) => {
      const args = argsFor('mdca_add_ip_range');
      await fixture.call('mdca_add_ip_range', { ...args, subnets: [each] });
      const [sent, ...more] = writesOf(fixture);
      expect(more).toEqual([]);
      expect(sent?.body).toMatchObject({ subnets: [expect.stringMatching(/^[\da-f.:]+\/[1-9]\d*$/u)] });
      expect(sent && faultOf(sent, [])).toBeUndefined();
    },
    { environment: ENVIRONMENT },
  ),
);
