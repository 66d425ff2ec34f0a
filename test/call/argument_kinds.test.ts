import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readAlertLink } from '../../src/call/alert_link.ts';
import { checkArguments, readArguments } from '../../src/call/check_arguments.ts';

const CIDR = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/u;

/** Kinds of arguments, in every way in which a schema can wrap them. */
const input = z.strictObject({
  severity: z
    .array(z.enum(['low', 'medium', 'high']))
    .min(1)
    .optional(),
  admin_only: z.boolean().default(false),
  user: z
    .string()
    .regex(/^([^@\s]+@[^@\s]+|[0-9a-f-]{36})$/iu)
    .transform((user) => user.toLowerCase())
    .optional(),
  subnets: z
    .array(z.string().refine((text) => CIDR.test(text)))
    .min(1)
    .optional(),
  app_ids: z.array(z.int().min(1)).optional(),
  alert_id: z
    .string()
    .regex(/^[0-9a-f]{24}$/u)
    .nullable()
    .optional(),
  since: z
    .string()
    .regex(/^\d+[hd]$/u)
    .readonly()
    .optional(),
  tags: z.array(z.string()).optional(),
  name: z.string().optional(),
  action: z.enum(['allow', 'block']).optional(),
});
const tool = { name: 'mdca_try', input } as const;
const ORIGIN = 'https://contoso.us2.portal.cloudappsecurity.com';
const ID = '65f0a1b2c3d4e5f6a7b8c9d0';
const read = (args: unknown) => readArguments(tool, args, ORIGIN);

test.each([
  [{ severity: 'high' }, { severity: ['high'] }],
  [{ severity: 'high, medium' }, { severity: ['high', 'medium'] }],
  [{ severity: '["high"]' }, { severity: ['high'] }],
  [{ severity: [' high'] }, { severity: ['high'] }],
  [{ severity: null }, {}],
  [{ admin_only: 'true' }, { admin_only: true }],
  [{ admin_only: ' False ' }, { admin_only: false }],
  [{ admin_only: null }, { admin_only: false }],
  [{ user: ' Ada@contoso.example ' }, { user: 'ada@contoso.example' }],
  [{ user: '{9E6F4BDA-0812-4274-A2F4-2A10B3A56FAF}' }, { user: '9e6f4bda-0812-4274-a2f4-2a10b3a56faf' }],
  [{ user: '9e6f4bda08124274a2f42a10b3a56faf' }, { user: '9e6f4bda-0812-4274-a2f4-2a10b3a56faf' }],
  [{ subnets: '10.0.0.0/8' }, { subnets: ['10.0.0.0/8'] }],
  [{ subnets: '10.0.0.0/8, 192.0.2.0/24' }, { subnets: ['10.0.0.0/8', '192.0.2.0/24'] }],
  [{ app_ids: '11161, 20893' }, { app_ids: [11161, 20893] }],
  [{ app_ids: '["11161",20893]' }, { app_ids: [11161, 20893] }],
  [{ app_ids: '11161' }, { app_ids: [11161] }],
  [{ alert_id: `${ORIGIN}/#/alerts/${ID}` }, { alert_id: ID }],
  [{ since: ' 24h ' }, { since: '24h' }],
  // A comma in free text parts nothing, and blanks belong to it.
  [{ tags: 'Paris, France' }, { tags: ['Paris, France'] }],
  [{ tags: '["Paris, France", "b"]' }, { tags: ['Paris, France', 'b'] }],
  [{ name: ' 20 ' }, { name: ' 20 ' }],
  [{ name: 'true' }, { name: 'true' }],
  [{ name: `${ORIGIN}/#/alerts/${ID}` }, { name: `${ORIGIN}/#/alerts/${ID}` }],
])('%j is read as %j', (args, expected) => {
  expect(read(args)).toEqual({ admin_only: false, ...expected });
});

test.each(
  [
    ...['', ' ', '[]', '{}', 'all', '*', 'critical', 'High', 'high medium', 'high,', ['high', null], [['high']], {}, 2],
  ].map((severity) => ({ severity })),
)('%j is refused', (args) => {
  expect(() => read(args)).toThrow(/^invalid_input: severity/u);
});

test.each([
  ...['yes', 'no', '1', '0', 1, 0, '', 'on', [true], ['true'], 't'].map((admin_only) => ({ admin_only })),
  ...['Ada', 'a b@c', `{${ID}}`, ['a@b'], 5].map((user) => ({ user })),
  ...['10.0.0.0', '10.0.0.0/8;192.0.2.0/24', '10.0.0.0/8,', 'any'].map((subnets) => ({ subnets })),
  ...['1.5', '1e3', '0', '11161 20893', 'Slack', [null]].map((app_ids) => ({ app_ids })),
  ...['', ' ', 5].map((tags) => ({ tags })),
  ...[5, true, {}].map((name) => ({ name })),
])('%j is refused', (args) => {
  expect(() => read(args)).toThrow(new RegExp(`^invalid_input: ${Object.keys(args)}`, 'u'));
});

test('what a tool declares is its own, whatever a host calls by that name', () => {
  const added = { sessionId: '5f', chatInput: 'hello', toolCallId: 'c1' };
  expect(read({ action: 'block', toolCallId: 'c1' })).toMatchObject({ action: 'block' });
  expect(() => read({ action: 'sendMessage', ...added })).toThrow(/^invalid_input: action/u);
});

test('arguments are an object; absent ones are none', () => {
  expect(read(undefined)).toEqual({ admin_only: false });
  expect(read(null)).toEqual({ admin_only: false });
  for (const args of ['{}', [], [{}], 5, true]) expect(() => read(args)).toThrow(/^invalid_input: arguments: /u);
});

test('the address of a resource is read by the letter', () => {
  const params = z.strictObject({ alert_id: z.string().regex(/^[0-9a-f]{24}$/u) });
  expect(() => checkArguments('alert', params, { alert_id: ` ${ID}` })).toThrow(/^invalid_input: alert_id/u);
});

describe('links of an alert', () => {
  const hosts = (tenant: string, host: string) =>
    readAlertLink(`https://${host}/#/alerts/${ID}`, `https://${tenant}`)?.elsewhere;
  const OWN = 'contoso.us2.portal.cloudappsecurity.com';

  test.each([
    [OWN, OWN],
    [OWN, 'CONTOSO.us2.portal.cloudappsecurity.com'],
    [OWN, 'contoso.portal.cloudappsecurity.com'],
    [OWN, 'us2.portal.cloudappsecurity.com'],
    [OWN, 'portal.cloudappsecurity.com'],
    ['portal.cloudappsecurity.com', OWN],
    ['us2.portal.cloudappsecurity.com', OWN],
    ['contoso.portal.cloudappsecurity.com', OWN],
    ['contoso.us1.portal.cloudappsecurity.us', 'contoso.us1.portal.cloudappsecurity.us'],
    ['gateway.example:8443', 'gateway.example:8443'],
    ['gateway.example', OWN],
    ['127.0.0.1:4711', OWN],
    ['localhost:4711', 'fabrikam.eu.portal.cloudappsecurity.com'],
  ])('a tenant at %s may have its portal at %s', (tenant, host) => {
    expect(hosts(tenant, host)).toBe(false);
  });

  test.each([
    [OWN, 'fabrikam.us2.portal.cloudappsecurity.com'],
    [OWN, 'contoso.eu.portal.cloudappsecurity.com'],
    [OWN, 'fabrikam.portal.cloudappsecurity.com'],
    [OWN, 'eu.portal.cloudappsecurity.com'],
    [OWN, 'us2.contoso.portal.cloudappsecurity.com'],
    [OWN, 'toso.us2.portal.cloudappsecurity.com'],
    ['us2.portal.cloudappsecurity.com', 'contoso.us.portal.cloudappsecurity.com'],
    [OWN, 'contoso.us2.portal.cloudappsecurity.us'],
    [OWN, 'portal.cloudappsecurity.us'],
    [OWN, `${OWN}:8443`],
    [OWN, `${OWN}.example`],
    [OWN, 'gateway.example'],
    [OWN, '127.0.0.1'],
    ['gateway.example', 'gateway.example:8443'],
    ['gateway.example', 'other.example'],
  ])('a tenant at %s has no portal at %s', (tenant, host) => {
    expect(hosts(tenant, host)).toBe(true);
  });

  test('a link to this machine counts where the tenant is this machine', () => {
    for (const origin of ['http://127.0.0.1:4711', 'http://[::1]:4711', 'http://localhost:4711']) {
      expect(readAlertLink(`${origin}/#/alerts/${ID}`, origin)).toEqual({ id: ID, elsewhere: false });
    }
  });
});
