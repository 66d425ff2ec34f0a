import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, test } from 'vitest';
import { type Fixture, textOf, withFixture } from '../fixture.ts';
import { codeOf } from '../writes/writing.ts';

/** How many of each kind an alert names. */
const MANY = 3_000;
/** The most bytes that one such alert may bring as value. */
const MOST_BYTES = 8_192;

const guid = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
const numbers = Array.from({ length: MANY }, (_, n) => n);
const entities = numbers.flatMap((n) => [
  { type: 'account', id: guid(n), label: `user${n}@contoso.com`, pa: `user${n}@contoso.com` },
  { type: 'ip', id: `10.${n >> 8}.${n & 255}.1` },
  { type: 'service', id: 60_000 + n, label: `App ${n}` },
  { type: 'country', id: `C${n}` },
]);

/** Makes the newest alert one that names thousands, in all lists and texts. */
function swell({ emulator }: Fixture, more: object = {}): string {
  const alert = emulator.state.alerts.toSorted((a, b) => b.timestamp - a.timestamp)[0];
  if (!alert) throw new Error('there is no alert');
  const long = 'long '.repeat(20_000);
  Object.assign(alert, {
    timestamp: Date.now() - 1_000,
    resolutionStatusValue: 0,
    entities: [...alert.entities, ...entities],
    title: long,
    description: long,
    comment: long,
    stories: Array(MANY).fill(0),
    intent: Array(MANY).fill(2),
    ...more,
  });
  return alert._id;
}

interface Bounded {
  users: { id: string }[];
  apps: object[];
  ips: string[];
  countries: string[];
  more_users?: number;
  more_apps?: number;
  more_ips?: number;
  more_countries?: number;
}

/** Each list is cut to 20, and the number beside it makes up the whole. */
function expectBounded(alert: Bounded): void {
  for (const list of ['users', 'apps', 'ips', 'countries'] as const) {
    expect(alert[list], list).toHaveLength(20);
    expect(alert[`more_${list}`], list).toBeGreaterThanOrEqual(MANY - 20);
  }
  expect(Buffer.byteLength(JSON.stringify(alert))).toBeLessThan(MOST_BYTES);
}

const alertsOf = ({ structuredContent }: CallToolResult) =>
  (structuredContent as unknown as { alerts: (Bounded & { id: string; description?: string })[] }).alerts;

describe('an alert that names thousands', () => {
  test.each(['concise', 'full'])('is bounded in the list, %s, as value and as text', (detail) =>
    withFixture(async (fixture) => {
      const id = swell(fixture);
      const result = await fixture.call('mdca_get_open_alerts', { limit: 1, detail });
      const [alert] = alertsOf(result);
      if (!alert) throw new Error('nothing came');
      expect(alert.id).toBe(id);
      expectBounded(alert);
      expect(textOf(result)).toContain(`${alert.more_users} more users`);
      expect(Buffer.byteLength(textOf(result))).toBeLessThan(MOST_BYTES);
      if (detail === 'full') expect(alert.description).toMatch(/… \(\+\d+ characters\)$/);
    }),
  );

  test('is bounded as a resource', () =>
    withFixture(async (fixture) => {
      const id = swell(fixture);
      const { contents } = await fixture.client.readResource({ uri: `mdca://alerts/${id}` });
      const [content] = contents;
      const alert = JSON.parse(content && 'text' in content ? String(content.text) : '');
      expectBounded(alert);
      expect(alert).toMatchObject({ categories: ['threat_detection'], tactics: ['initial_access'] });
      expect(alert.comment).toMatch(/… \(\+\d+ characters\)$/);
    }));

  test('is bounded from the trigger, in the same schema, and the answer says what it leaves out', () =>
    withFixture(async (fixture) => {
      const { structuredContent: begun } = await fixture.call('mdca_wait_for_alerts', { wait_seconds: 0 });
      const id = swell(fixture, { _id: 'f'.repeat(24), timestamp: Date.now() });
      const result = await fixture.call('mdca_wait_for_alerts', { cursor: begun?.cursor, wait_seconds: 0 });
      const [alert] = (result.structuredContent as { alerts: Record<string, unknown>[] }).alerts;
      if (!alert) throw new Error('nothing came');
      expect(alert.ProviderAlertId).toBe(id);
      const kinds = (alert.Entities as { Type: string }[]).map(({ Type }) => Type);
      for (const kind of ['account', 'ip', 'cloud-application']) {
        expect(
          kinds.filter((each) => each === kind),
          kind,
        ).toHaveLength(20);
      }
      expect(Buffer.byteLength(JSON.stringify(result.structuredContent))).toBeLessThan(3 * MOST_BYTES);
      const leftOut = String(result.structuredContent?.left_out);
      expect(leftOut).toMatch(
        new RegExp(`^${id}: 29\\d\\d accounts, 29\\d\\d ips, 29\\d\\d apps, 29\\d\\d countries$`),
      );
      expect(textOf(result)).toContain(`Left out: ${leftOut}`);
      const properties = alert.ExtendedProperties as Record<string, string>;
      for (const text of Object.values(properties)) expect(text).toMatch(/, … and 29\d\d more$/);
    }));

  test('is planned with the number of all its users', () =>
    withFixture(
      async (fixture) => {
        const id = swell(fixture, { entities });
        const result = await fixture.call('mdca_resolve_alert', { alert_ids: [id] });
        expect(codeOf(result)).toMatch(/\S/);
        expect(textOf(result)).toContain(`user0@contoso.com and ${MANY - 1} more`);
      },
      { environment: { MDCA_WRITES: 'confirm' } },
    ));
});

test('an alert that names few has all of them and no number', () =>
  withFixture(async (fixture) => {
    swell(fixture, { entities: entities.slice(0, 80) });
    const [alert] = alertsOf(await fixture.call('mdca_get_open_alerts', { limit: 1 }));
    expect(alert).toMatchObject({ users: { length: 20 }, ips: { length: 20 }, apps: { length: 20 } });
    expect(Object.keys(alert ?? {}).filter((name) => name.startsWith('more_'))).toEqual([]);
    const waited = await fixture.call('mdca_wait_for_alerts', { wait_seconds: 0 });
    expect(waited.structuredContent).not.toHaveProperty('left_out');
  }));

test('names and addresses that are no such things are cut too', () =>
  withFixture(async (fixture) => {
    const long = 'a'.repeat(10_000);
    const kinds = ['account', 'ip', 'country', 'user', 'policyRule'];
    swell(fixture, {
      entities: [
        ...kinds.flatMap((type) => numbers.slice(0, 30).map((n) => ({ type, id: `${n}${long}`, label: long }))),
        ...numbers.slice(0, 30).map((id) => ({ type: 'service', id, label: long })),
      ],
    });
    const result = await fixture.call('mdca_get_open_alerts', { limit: 1 });
    expect(Buffer.byteLength(JSON.stringify(alertsOf(result)[0]))).toBeLessThan(4 * MOST_BYTES);
  }));

test('an activity with thousands of objects is bounded, and says how many it leaves out', () =>
  withFixture(async (fixture) => {
    const [activity] = fixture.emulator.state.activities.toSorted((a, b) => b.timestamp - a.timestamp);
    const user_id = String(activity?.entityData['2'].id.id);
    const eventObjects = numbers.map((n) => ({ objType: 23, role: 3, id: String(n), name: `File ${n}`, tags: [] }));
    Object.assign(activity?.mainInfo ?? {}, { eventObjects });
    Object.assign(activity ?? {}, { timestamp: Date.now(), description: 'Downloaded files' });
    const result = await fixture.call('mdca_get_activities', { user_id, limit: 1 });
    const { activities } = result.structuredContent as { activities: { objects: string[]; more_objects?: number }[] };
    expect(activities[0]?.objects).toHaveLength(10);
    expect(activities[0]?.more_objects).toBe(MANY - 10);
    expect(textOf(result)).toContain(`2990 more objects`);
    expect(Buffer.byteLength(JSON.stringify(activities[0]))).toBeLessThan(MOST_BYTES);
  }));
