import fc from 'fast-check';
import { expect, test } from 'vitest';
import type * as z from 'zod';
import { Activity, toActivity, WireActivity } from '../../src/defender/activities/activity.ts';
import { Alert, toAlert, WireAlert } from '../../src/defender/alerts/alert.ts';
import { AlertDetail, toAlertDetail, WireAlertDetail } from '../../src/defender/alerts/alert_detail.ts';
import { Policy, toPolicy, WirePolicy } from '../../src/defender/policies/policy.ts';
import { TriggerAlert, toTriggerAlert, WireTriggerAlert } from '../../src/defender/trigger/trigger_alert.ts';

const PORTAL = 'https://contoso.us2.portal.cloudappsecurity.com';

/** Any value of JSON, and Infinity, which JSON.parse makes of 1e999. */
const anything = fc.oneof(
  { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 2, arbitrary: fc.constantFrom(Number.POSITIVE_INFINITY, -1, 0, 1, 2.5, 2 ** 53, '3', '-4', '2026-01-05') },
);
const entity = fc.record({
  type: fc.oneof(fc.constantFrom('account', 'user', 'ip', 'country', 'service', 'policyRule'), anything),
  id: anything,
  label: anything,
  pa: anything,
  em: anything,
});

/** A record with the fields of a wire schema, each of any type. */
function recordOf(schema: z.ZodObject) {
  const fields = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, anything]));
  const more = 'entities' in schema.shape ? { entities: fc.oneof(fc.array(entity, { maxLength: 6 }), anything) } : {};
  const required = 'timestamp' in schema.shape ? { timestamp: fc.oneof(fc.constant(1_767_600_000_000), anything) } : {};
  return fc.record({ ...fields, ...more, ...required, _id: fc.string({ minLength: 1 }) }, { requiredKeys: ['_id'] });
}

const MAPPERS: readonly [string, z.ZodObject, z.ZodObject, (wire: never) => unknown][] = [
  ['alert', WireAlert, Alert, (wire) => toAlert(wire, PORTAL, 'full')],
  ['alert in full', WireAlertDetail, AlertDetail, (wire) => toAlertDetail(wire, PORTAL)],
  ['alert of the trigger', WireTriggerAlert, TriggerAlert, (wire) => toTriggerAlert(wire, PORTAL)],
  ['activity', WireActivity, Activity, toActivity],
  ['policy', WirePolicy, Policy, (wire) => toPolicy(wire, 'f'.repeat(24))],
];

test.each(MAPPERS)(
  'whatever the wire record holds, the mapper of %s returns what its output schema accepts',
  (_what, wire, outward, map) => {
    fc.assert(
      fc.property(recordOf(wire), (record) => {
        const read = wire.safeParse(record);
        if (!read.success) return;
        const sent: unknown = JSON.parse(JSON.stringify(map(read.data as never)));
        expect(outward.safeParse(sent).error).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  },
);

/** The most bytes of JSON that one record becomes. */
const MOST_BYTES = 2 ** 16;
const LONG = 'long text '.repeat(10_000);
const TYPES = ['account', 'user', 'ip', 'country', 'service', 'policyRule'];
const crowd = Array.from({ length: 3_000 }, (_, n) => ({
  type: TYPES[n % TYPES.length],
  id: n % TYPES.length === 4 ? n : `${n}${'x'.repeat(150)}`,
  label: `${n} ${'y'.repeat(150)}`,
  name: `${n} ${'z'.repeat(150)}`,
  role: 3,
}));

test.each(MAPPERS)(
  'however much the wire record holds, what the mapper of %s returns is bounded',
  (_what, wire, _, map) => {
    const fields = Object.keys(wire.shape).filter((name) => name !== 'timestamp');
    const filled = (value: unknown) => ({
      ...Object.fromEntries(fields.map((name) => [name, value])),
      timestamp: 1_767_600_000_000,
    });
    const records = [
      filled(LONG),
      { ...filled(crowd), _id: 'x', name: LONG },
      {
        ...filled({ eventObjects: crowd, userName: LONG, clientIP: LONG, city: LONG, os: LONG }),
        _id: LONG,
        name: LONG,
      },
      { ...filled(Array(3_000).fill(1)), _id: LONG, name: LONG, title: LONG, entities: crowd },
    ];
    for (const record of records) {
      const read = wire.safeParse(record);
      expect(read.error).toBeUndefined();
      expect(Buffer.byteLength(JSON.stringify(map(read.data as never)))).toBeLessThan(MOST_BYTES);
    }
  },
);
test.each([5.7e14, 1_767_600_000_000_000, -8.64e15, 8.64e15, '+020000-01-01T00:00:00Z'])(
  'a time that has no year of four digits is left out, as clients would refuse the whole answer: %s',
  (timestamp) => {
    expect(toAlert(WireAlert.parse({ _id: 'a', timestamp }), PORTAL).created).toBeUndefined();
  },
);

test.each([
  [-62_167_219_200_000, '0000-01-01T00:00:00.000Z'],
  [253_402_300_799_999, '9999-12-31T23:59:59.999Z'],
])('the time %i is shown as %s', (timestamp, created) => {
  expect(toAlert(WireAlert.parse({ _id: 'a', timestamp }), PORTAL).created).toBe(created);
});
