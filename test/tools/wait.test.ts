import { existsSync, readFileSync } from 'node:fs';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, test } from 'vitest';
import type { TriggerAlert } from '../../src/model/trigger.ts';
import waitTool from '../../tools/wait_for_alerts.ts';
import { type House, inHouse, textOf } from '../house.ts';

const WAIT = 'mdca_wait_for_alerts';
const OPEN = 'mdca://alerts/open';

interface Arrived {
  alerts: TriggerAlert[];
  cursor: string;
  has_more: boolean;
}

async function wait(house: House, args: object): Promise<Arrived> {
  const result = await house.call(WAIT, { ...args });
  expect(result.isError, textOf(result)).toBeFalsy();
  return result.structuredContent as unknown as Arrived;
}

async function generate({ emulator }: House, order: object = {}): Promise<string[]> {
  const body = JSON.stringify(order);
  const answer = await fetch(`${emulator.url}/__emulator/alerts`, { method: 'POST', body });
  const { alerts } = (await answer.json()) as { alerts: { _id: string }[] };
  return alerts.map(({ _id }) => _id);
}

const idsOf = ({ alerts }: Arrived) => alerts.map(({ ProviderAlertId }) => ProviderAlertId);
/** The shortest interval that can be set. */
const QUICK = { environment: { MDCA_POLL_SECONDS: '5' } };

describe('waiting', () => {
  test('from now on: nothing at first, then each alert once, whoever reads on', () =>
    inHouse(async (house) => {
      const begun = await wait(house, { wait_seconds: 0 });
      expect(begun).toMatchObject({ alerts: [], has_more: false });
      const ids = await generate(house, { count: 3 });
      const first = await wait(house, { cursor: begun.cursor, limit: 2 });
      const second = await wait(house, { cursor: first.cursor });
      expect([...idsOf(first), ...idsOf(second)].toSorted()).toEqual(ids.toSorted());
      expect([first.has_more, second.has_more]).toEqual([true, false]);
      expect(await wait(house, { cursor: second.cursor, wait_seconds: 0 })).toMatchObject({ alerts: [] });
      // The same cursor brings the same again: the server has kept nothing.
      expect(idsOf(await wait(house, { cursor: begun.cursor }))).toHaveLength(3);
    }));

  test('a burst of 300 with one time arrives whole', () =>
    inHouse(async (house) => {
      let { cursor } = await wait(house, { wait_seconds: 0 });
      const ids = await generate(house, { count: 300, timestamp: Date.now() - 1000 });
      const given: string[] = [];
      for (let has_more = true; has_more; ) {
        const arrived = await wait(house, { cursor, limit: 100 });
        given.push(...idsOf(arrived));
        ({ cursor, has_more } = arrived);
      }
      expect(given.toSorted()).toEqual(ids.toSorted());
    }));

  test('an alert that somebody closes first was generated all the same; a reopened one is not new', () =>
    inHouse(async (house) => {
      const { cursor } = await wait(house, { wait_seconds: 0 });
      const [id = ''] = await generate(house);
      await house.call('mdca_close_alert_benign', { alert_ids: [id] });
      const arrived = await wait(house, { cursor });
      expect(idsOf(arrived)).toEqual([id]);
      const alert = house.emulator.state.alerts.find(({ _id }) => _id === id);
      Object.assign(alert ?? {}, { resolutionStatusValue: 0 });
      expect(await wait(house, { cursor: arrived.cursor, wait_seconds: 0 })).toMatchObject({ alerts: [] });
    }));

  test('an alert that is generated meanwhile ends the wait by the next poll', () =>
    inHouse(async (house) => {
      const { cursor } = await wait(house, { wait_seconds: 0 });
      const told: (string | undefined)[] = [];
      const waiting = house.client.callTool({ name: WAIT, arguments: { cursor, wait_seconds: 30 } }, undefined, {
        onprogress: ({ message }) => told.push(message),
      });
      await expect.poll(() => house.emulator.requests.length).toBeGreaterThan(2);
      const start = performance.now();
      const ids = await generate(house);
      expect(idsOf((await waiting).structuredContent as unknown as Arrived)).toEqual(ids);
      expect(performance.now() - start).toBeLessThan(6_000);
      expect(told.join()).toMatch(/waiting \d+ s more/);
    }, QUICK));

  test('a cancelled wait ends at once and costs no further call', () =>
    inHouse(async (house) => {
      const { cursor } = await wait(house, { wait_seconds: 0 });
      const before = house.emulator.requests.length;
      const cancel = new AbortController();
      const waiting = house.client.callTool({ name: WAIT, arguments: { cursor, wait_seconds: 45 } }, undefined, {
        signal: cancel.signal,
      });
      await expect.poll(() => house.emulator.requests.length).toBe(before + 1);
      cancel.abort();
      await expect(waiting).rejects.toThrow();
      await expect.poll(() => house.logged.join('\n')).toContain('"code":"cancelled"');
      expect(house.emulator.requests).toHaveLength(before + 1);
    }));

  test('a damaged cursor is a clear error, with no call made', () =>
    inHouse(async (house) => {
      expect(textOf(await house.call(WAIT, { cursor: 'c1.nonsense' }))).toMatch(
        /^invalid_input: cursor: it is damaged/,
      );
      expect(house.emulator.requests).toEqual([]);
    }));

  test('a record that cannot be read does not stop the others', () =>
    inHouse(async (house) => {
      const { cursor } = await wait(house, { wait_seconds: 0 });
      const [bad = '', good = ''] = await generate(house, { count: 2 });
      const alert = house.emulator.state.alerts.find(({ _id }) => _id === bad);
      Object.assign(alert ?? {}, { title: { toString: 7 }, entities: 'none', policy: 5, description: null });
      expect(idsOf(await wait(house, { cursor })).toSorted()).toEqual([bad, good].toSorted());
    }));
});

describe('a tenant with odd records', () => {
  test('begins from now on although the newest alert is from the future', () =>
    inHouse(async (house) => {
      await generate(house, { timestamp: Date.now() + 30 * 86_400_000 });
      const begun = await wait(house, { wait_seconds: 0 });
      expect(begun.alerts).toEqual([]);
      expect(house.emulator.requests.length).toBeLessThanOrEqual(4);
      const ids = await generate(house);
      expect(idsOf(await wait(house, { cursor: begun.cursor }))).toEqual(ids);
    }));

  test('records that cannot be read neither hide the next one nor eat the budget', () =>
    inHouse(async (house) => {
      const { cursor } = await wait(house, { wait_seconds: 0 });
      const bad = await generate(house, { count: 50 });
      for (const alert of house.emulator.state.alerts) if (bad.includes(alert._id)) Object.assign(alert, { _id: 7 });
      const [good] = await generate(house);
      house.emulator.requests.length = 0;
      expect(idsOf(await wait(house, { cursor, limit: 1, wait_seconds: 0 }))).toEqual([good]);
      expect(house.emulator.requests.length).toBeLessThanOrEqual(3);
    }));

  test('a reader of severe alerts gets past many others in few calls', () =>
    inHouse(async (house) => {
      const { cursor } = await wait(house, { wait_seconds: 0 });
      await generate(house, { count: 500, severity: 'low' });
      const [severe] = await generate(house, { severity: 'high' });
      house.emulator.requests.length = 0;
      expect(idsOf(await wait(house, { cursor, min_severity: 'high', wait_seconds: 0 }))).toEqual([severe]);
      expect(house.emulator.requests.length).toBeLessThanOrEqual(15);
    }));

  test('an account that is none of Entra is given no Entra id', () =>
    inHouse(async (house) => {
      const { cursor } = await wait(house, { wait_seconds: 0 });
      const [id] = await generate(house);
      const alert = house.emulator.state.alerts.find(({ _id }) => _id === id);
      Object.assign(alert ?? {}, { entities: [{ type: 'account', id: '0051234567', saas: 10842, label: 'Box user' }] });
      const [arrived] = (await wait(house, { cursor })).alerts;
      expect(arrived?.Entities).toEqual([{ Type: 'account', Name: 'Box user' }]);
    }));
});

describe('subscribing', () => {
  const heardBy = ({ client }: House) => {
    const heard: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params: { uri } }) => {
      heard.push(uri);
    });
    return heard;
  };

  test('tells of a change once, and of no change nothing', () =>
    inHouse(async (house) => {
      expect(house.client.getServerCapabilities()?.resources?.subscribe).toBe(true);
      const heard = heardBy(house);
      await house.client.subscribeResource({ uri: OPEN });
      expect(house.emulator.requests).toHaveLength(1);
      await expect.poll(() => house.emulator.requests.length).toBe(2);
      expect(heard).toEqual([]);
      await generate(house);
      await expect.poll(() => heard).toEqual([OPEN]);
      await house.client.unsubscribeResource({ uri: OPEN });
    }, QUICK));

  test('to one alert: hears of its close, not of others', () =>
    inHouse(async (house) => {
      const heard = heardBy(house);
      const [one, other] = house.emulator.state.alerts.map(({ _id }) => _id);
      await house.client.subscribeResource({ uri: `mdca://alerts/${one}` });
      await house.call('mdca_close_alert_benign', { alert_ids: [other] });
      await house.call('mdca_close_alert_benign', { alert_ids: [one] });
      await expect.poll(() => heard).toEqual([`mdca://alerts/${one}`]);
    }, QUICK));

  test('50 subscriptions, to the list and to alerts in it, cost one call an interval', () =>
    inHouse(async (house) => {
      const open = house.emulator.state.alerts.filter(({ resolutionStatusValue }) => resolutionStatusValue === 0);
      const uris = [OPEN, ...open.slice(0, 49).map(({ _id }) => `mdca://alerts/${_id}`)];
      await Promise.all(uris.map((uri) => house.client.subscribeResource({ uri })));
      const begun = house.emulator.requests.length;
      expect(begun).toBeLessThanOrEqual(3);
      await expect.poll(() => house.emulator.requests.length).toBe(begun + 1);
      const heard = heardBy(house);
      await house.call('mdca_close_alert_benign', { alert_ids: [open[0]?._id] });
      await expect.poll(() => heard.toSorted()).toEqual([`mdca://alerts/${open[0]?._id}`, OPEN].toSorted());
    }, QUICK));

  test('to what is no alert is refused', () =>
    inHouse(async ({ client, emulator }) => {
      await expect(client.subscribeResource({ uri: 'mdca://alerts/x' })).rejects.toMatchObject({ code: -32602 });
      await expect(client.subscribeResource({ uri: 'file:///x' })).rejects.toMatchObject({ code: -32002 });
      expect(emulator.requests).toEqual([]);
    }));
});

describe("the trigger's payload", () => {
  /** Paths of the table in connector-reference.txt, section Triggers. */
  const FIELDS = readFileSync(new URL('trigger_fields.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n');

  test('has every field of the connector, under its name and in its place, and no other', () => {
    const element = waitTool.output.shape.alerts.element;
    expect(pathsOf(element).toSorted()).toEqual(FIELDS.toSorted());
  });

  test('the list of fields is that of the reference, where the reference is at hand', () => {
    const reference = new URL('../../../shared/connector-reference.txt', import.meta.url);
    if (!existsSync(reference)) return;
    const [, after = ''] = readFileSync(reference, 'utf8').split('- MCAS_ON_ALERT_GENERATED');
    const rows = (after.split('\nDefinitions')[0] ?? '').matchAll(/^(.+?) \| (?:string|date-time|array of \w+) \|$/gm);
    const paths = [...rows].map(([, path]) => path);
    expect(paths).toEqual(FIELDS);
  });
});

interface Shaped {
  readonly shape?: Record<string, unknown>;
  readonly element?: unknown;
  readonly unwrap?: () => unknown;
}

/** A list of objects stands in the table itself; a plain object only through its members. */
function pathsOf(schema: Shaped, prefix = ''): string[] {
  return Object.entries(schema.shape ?? {}).flatMap(([name, member]) => {
    const own = unwrapped(member as Shaped);
    const inner = own.element === undefined ? own : unwrapped(own.element as Shaped);
    const stands = own.shape === undefined ? [prefix + name] : [];
    return [...stands, ...pathsOf(inner, `${prefix}${name}.`)];
  });
}

function unwrapped(schema: Shaped): Shaped {
  return schema.shape === undefined && schema.element === undefined && schema.unwrap
    ? (schema.unwrap() as Shaped)
    : schema;
}
