import { readFileSync } from 'node:fs';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, test } from 'vitest';
import type { TriggerAlert } from '../../src/defender/trigger/trigger_alert.ts';
import waitTool from '../../tools/wait_for_alerts.ts';
import { type Fixture, textOf, withFixture } from '../fixture.ts';

const WAIT = 'mdca_wait_for_alerts';
const OPEN = 'mdca://alerts/open';

interface Arrived {
  alerts: TriggerAlert[];
  cursor: string;
  has_more: boolean;
}

async function wait(fixture: Fixture, args: object): Promise<Arrived> {
  const result = await fixture.call(WAIT, { ...args });
  expect(result.isError, textOf(result)).toBeFalsy();
  return result.structuredContent as unknown as Arrived;
}

async function generate({ emulator }: Fixture, order: object = {}): Promise<string[]> {
  const body = JSON.stringify(order);
  const answer = await fetch(`${emulator.url}/__emulator/alerts`, { method: 'POST', body });
  const { alerts } = (await answer.json()) as { alerts: { _id: string }[] };
  return alerts.map(({ _id }) => _id);
}

const idsOf = ({ alerts }: Arrived) => alerts.map(({ ProviderAlertId }) => ProviderAlertId);
/** The shortest interval that can be set. */
const QUICK = { environment: { MDCA_POLL_SECONDS: '5' } };

describe('waiting', () => {
  test('begins now: nothing at first, then each alert once, over any number of calls', () =>
    withFixture(async (fixture) => {
      const begun = await wait(fixture, { wait_seconds: 0 });
      expect(begun).toMatchObject({ alerts: [], has_more: false });
      const ids = await generate(fixture, { count: 3 });
      const first = await wait(fixture, { cursor: begun.cursor, limit: 2 });
      const second = await wait(fixture, { cursor: first.cursor });
      expect([...idsOf(first), ...idsOf(second)].toSorted()).toEqual(ids.toSorted());
      expect([first.has_more, second.has_more]).toEqual([true, false]);
      expect(await wait(fixture, { cursor: second.cursor, wait_seconds: 0 })).toMatchObject({ alerts: [] });
      // The same cursor brings the same alerts again, because the server keeps no state of readers.
      expect(idsOf(await wait(fixture, { cursor: begun.cursor }))).toHaveLength(3);
    }));

  test('a burst of 300 with one time arrives whole', () =>
    withFixture(async (fixture) => {
      let { cursor } = await wait(fixture, { wait_seconds: 0 });
      const ids = await generate(fixture, { count: 300, timestamp: Date.now() - 1000 });
      const given: string[] = [];
      for (let has_more = true; has_more; ) {
        const arrived = await wait(fixture, { cursor, limit: 100 });
        given.push(...idsOf(arrived));
        ({ cursor, has_more } = arrived);
      }
      expect(given.toSorted()).toEqual(ids.toSorted());
    }));

  test('an alert that was closed before the poll still arrives, and does not arrive again when it is reopened', () =>
    withFixture(async (fixture) => {
      const { cursor } = await wait(fixture, { wait_seconds: 0 });
      const [id = ''] = await generate(fixture);
      await fixture.call('mdca_close_alert_benign', { alert_ids: [id] });
      const arrived = await wait(fixture, { cursor });
      expect(idsOf(arrived)).toEqual([id]);
      const alert = fixture.emulator.state.alerts.find(({ _id }) => _id === id);
      Object.assign(alert ?? {}, { resolutionStatusValue: 0 });
      expect(await wait(fixture, { cursor: arrived.cursor, wait_seconds: 0 })).toMatchObject({ alerts: [] });
    }));

  test('an alert that is generated meanwhile ends the wait by the next poll', () =>
    withFixture(async (fixture) => {
      const { cursor } = await wait(fixture, { wait_seconds: 0 });
      const messages: (string | undefined)[] = [];
      const waiting = fixture.client.callTool({ name: WAIT, arguments: { cursor, wait_seconds: 30 } }, undefined, {
        onprogress: ({ message }) => messages.push(message),
      });
      await expect.poll(() => fixture.emulator.requests.length).toBeGreaterThan(2);
      const start = performance.now();
      const ids = await generate(fixture);
      expect(idsOf((await waiting).structuredContent as unknown as Arrived)).toEqual(ids);
      expect(performance.now() - start).toBeLessThan(6_000);
      expect(messages.join()).toMatch(/waiting \d+ s more/);
    }, QUICK));

  test('a cancelled wait ends at once and costs no further call', () =>
    withFixture(async (fixture) => {
      const { cursor } = await wait(fixture, { wait_seconds: 0 });
      const before = fixture.emulator.requests.length;
      const cancel = new AbortController();
      const waiting = fixture.client.callTool({ name: WAIT, arguments: { cursor, wait_seconds: 45 } }, undefined, {
        signal: cancel.signal,
      });
      await expect.poll(() => fixture.emulator.requests.length).toBe(before + 1);
      cancel.abort();
      await expect(waiting).rejects.toThrow();
      await expect.poll(() => fixture.logged.join('\n')).toContain('"code":"cancelled"');
      expect(fixture.emulator.requests).toHaveLength(before + 1);
    }));

  test('a damaged cursor is a clear error, with no call made', () =>
    withFixture(async (fixture) => {
      expect(textOf(await fixture.call(WAIT, { cursor: 'c1.nonsense' }))).toMatch(
        /^invalid_input: cursor: it is damaged/,
      );
      expect(fixture.emulator.requests).toEqual([]);
    }));

  test('a record that cannot be read does not stop the others', () =>
    withFixture(async (fixture) => {
      const { cursor } = await wait(fixture, { wait_seconds: 0 });
      const [bad = '', good = ''] = await generate(fixture, { count: 2 });
      const alert = fixture.emulator.state.alerts.find(({ _id }) => _id === bad);
      Object.assign(alert ?? {}, { title: { toString: 7 }, entities: 'none', policy: 5, description: null });
      expect(idsOf(await wait(fixture, { cursor })).toSorted()).toEqual([bad, good].toSorted());
    }));
});

describe('a tenant with odd records', () => {
  test('begins from now on although the newest alert is from the future', () =>
    withFixture(async (fixture) => {
      await generate(fixture, { timestamp: Date.now() + 30 * 86_400_000 });
      const begun = await wait(fixture, { wait_seconds: 0 });
      expect(begun.alerts).toEqual([]);
      expect(fixture.emulator.requests.length).toBeLessThanOrEqual(4);
      const ids = await generate(fixture);
      expect(idsOf(await wait(fixture, { cursor: begun.cursor }))).toEqual(ids);
    }));

  test('records that cannot be read neither hide the next one nor cost more than three calls', () =>
    withFixture(async (fixture) => {
      const { cursor } = await wait(fixture, { wait_seconds: 0 });
      const bad = await generate(fixture, { count: 50 });
      for (const alert of fixture.emulator.state.alerts) if (bad.includes(alert._id)) Object.assign(alert, { _id: 7 });
      const [good] = await generate(fixture);
      fixture.emulator.requests.length = 0;
      expect(idsOf(await wait(fixture, { cursor, limit: 1, wait_seconds: 0 }))).toEqual([good]);
      expect(fixture.emulator.requests.length).toBeLessThanOrEqual(3);
    }));

  test('a wait for severe alerts gets past 500 others in at most 15 calls', () =>
    withFixture(async (fixture) => {
      const { cursor } = await wait(fixture, { wait_seconds: 0 });
      await generate(fixture, { count: 500, severity: 'low' });
      const [severe] = await generate(fixture, { severity: 'high' });
      fixture.emulator.requests.length = 0;
      expect(idsOf(await wait(fixture, { cursor, min_severity: 'high', wait_seconds: 0 }))).toEqual([severe]);
      expect(fixture.emulator.requests.length).toBeLessThanOrEqual(15);
    }));

  test('an account that is not of Entra gets no Entra id', () =>
    withFixture(async (fixture) => {
      const { cursor } = await wait(fixture, { wait_seconds: 0 });
      const [id] = await generate(fixture);
      const alert = fixture.emulator.state.alerts.find(({ _id }) => _id === id);
      Object.assign(alert ?? {}, { entities: [{ type: 'account', id: '0051234567', saas: 10842, label: 'Box user' }] });
      const [arrived] = (await wait(fixture, { cursor })).alerts;
      expect(arrived?.Entities).toEqual([{ Type: 'account', Name: 'Box user' }]);
    }));
});

describe('subscribing', () => {
  const heardBy = ({ client }: Fixture) => {
    const heard: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params: { uri } }) => {
      heard.push(uri);
    });
    return heard;
  };

  test('notifies once of a change, and not without one', () =>
    withFixture(async (fixture) => {
      expect(fixture.client.getServerCapabilities()?.resources?.subscribe).toBe(true);
      const heard = heardBy(fixture);
      await fixture.client.subscribeResource({ uri: OPEN });
      expect(fixture.emulator.requests).toHaveLength(1);
      await expect.poll(() => fixture.emulator.requests.length).toBe(2);
      expect(heard).toEqual([]);
      await generate(fixture);
      await expect.poll(() => heard).toEqual([OPEN]);
      await fixture.client.unsubscribeResource({ uri: OPEN });
    }, QUICK));

  test('to one alert notifies of its close, and not of others', () =>
    withFixture(async (fixture) => {
      const heard = heardBy(fixture);
      const [one, other] = fixture.emulator.state.alerts.map(({ _id }) => _id);
      await fixture.client.subscribeResource({ uri: `mdca://alerts/${one}` });
      await fixture.call('mdca_close_alert_benign', { alert_ids: [other] });
      await fixture.call('mdca_close_alert_benign', { alert_ids: [one] });
      await expect.poll(() => heard).toEqual([`mdca://alerts/${one}`]);
    }, QUICK));

  test('50 times, to the list and to alerts in it, costs one call an interval', () =>
    withFixture(async (fixture) => {
      const open = fixture.emulator.state.alerts.filter(({ resolutionStatusValue }) => resolutionStatusValue === 0);
      const uris = [OPEN, ...open.slice(0, 49).map(({ _id }) => `mdca://alerts/${_id}`)];
      await Promise.all(uris.map((uri) => fixture.client.subscribeResource({ uri })));
      const begun = fixture.emulator.requests.length;
      expect(begun).toBeLessThanOrEqual(3);
      await expect.poll(() => fixture.emulator.requests.length).toBe(begun + 1);
      const heard = heardBy(fixture);
      await fixture.call('mdca_close_alert_benign', { alert_ids: [open[0]?._id] });
      await expect.poll(() => heard.toSorted()).toEqual([`mdca://alerts/${open[0]?._id}`, OPEN].toSorted());
    }, QUICK));

  test('to a URI that is no resource is refused', () =>
    withFixture(async ({ client, emulator }) => {
      await expect(client.subscribeResource({ uri: 'mdca://alerts/x' })).rejects.toMatchObject({ code: -32602 });
      await expect(client.subscribeResource({ uri: 'file:///x' })).rejects.toMatchObject({ code: -32002 });
      expect(emulator.requests).toEqual([]);
    }));
});

describe("the trigger's payload", () => {
  /** Paths of the table on the connector's reference page, section Triggers. */
  const FIELDS = readFileSync(new URL('trigger_fields.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n');

  test('has every field of the connector, under its name and in its place, and no other', () => {
    const element = waitTool.output.shape.alerts.element;
    const difference = 'fields of src/defender/trigger/trigger_alert.ts against those of test/tools/trigger_fields.txt';
    expect(pathsOf(element).toSorted(), difference).toEqual(FIELDS.toSorted());
  });

  test('the list of fields is that of docs/defender-api.md 12.1', () => {
    const page = readFileSync(new URL('../../docs/defender-api.md', import.meta.url), 'utf8');
    const [, after = ''] = page.split('\n### 12.1 ');
    const [section = ''] = after.split('\n##');
    const rows = section.matchAll(/^\| `(.+?)` \| (?:string|date-time|array of \w+) \|/gm);
    const paths = [...rows].map(([, path]) => path);
    expect(paths, 'table 12.1 of docs/defender-api.md against test/tools/trigger_fields.txt').toEqual(FIELDS);
  });
});

interface Shaped {
  readonly shape?: Record<string, unknown>;
  readonly element?: unknown;
  readonly unwrap?: () => unknown;
}

/** Paths as the table lists them: a list of objects and its members, but of a plain object its members alone. */
function pathsOf(schema: Shaped, prefix = ''): string[] {
  return Object.entries(schema.shape ?? {}).flatMap(([name, member]) => {
    const own = unwrapped(member as Shaped);
    const inner = own.element === undefined ? own : unwrapped(own.element as Shaped);
    const listed = own.shape === undefined ? [prefix + name] : [];
    return [...listed, ...pathsOf(inner, `${prefix}${name}.`)];
  });
}

function unwrapped(schema: Shaped): Shaped {
  return schema.shape === undefined && schema.element === undefined && schema.unwrap
    ? (schema.unwrap() as Shaped)
    : schema;
}
