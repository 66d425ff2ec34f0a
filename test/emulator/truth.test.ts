import { afterAll, describe, expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { demoTruth, type Truth } from '../../src/emulator/truth.ts';
import { type Reply, request, START } from './harness.ts';

const MINUTE = 60_000;

const truths = demoTruth();
const emulator = await createEmulator({ callsPerMinute: 0, now: () => START });
afterAll(() => emulator.close());

const headers = { authorization: `Token ${emulator.token}` };
const get = (path: string) => request(emulator.url + path, { headers });
const post = (path: string, body: unknown) =>
  request(emulator.url + path, { method: 'POST', headers, body: JSON.stringify(body) });

const { alerts, activities } = emulator.state;
const alertOf = ({ alertId }: Truth) => alerts.find(({ _id }) => _id === alertId);
const ids = ({ json }: Reply): string[] => json.data.map(({ _id }: { _id: string }) => _id);

/** The activities behind an alert as a client finds them, and which of the three ways led to them. */
async function trace(truth: Truth): Promise<[way: string, activities: string[]]> {
  const alert = (await get(`/api/v1/alerts/${truth.alertId}/`)).json;
  const list = async (filters: object) => ids(await post('/api/v1/activities/', { filters, limit: 100 }));
  const joined = await list({ 'activity.alertId': { eq: [truth.alertId] } });
  if (joined.length > 0) return ['joined', joined];
  const named = alert.audits?.length > 0 ? await list({ 'activity.id': { eq: alert.audits } }) : [];
  if (named.length > 0) return ['audits', named];
  const users = alert.entities.filter(({ type }: { type: string }) => type === 'account');
  if (users.length === 0) return ['nothing', []];
  const date = { gte: alert.timestamp - 120 * MINUTE, lte: alert.timestamp + 10 * MINUTE };
  const eq = users.map(({ id, saas, inst }: { id: string; saas: number; inst: number }) => ({ id, saas, inst }));
  return ['by time', await list({ entity: { eq }, date })];
}

test('every alert of the demo tenant has a truth, and each of the three verdicts occurs often', () => {
  expect(truths.map(({ alertId }) => alertId).sort()).toEqual(alerts.map(({ _id }) => _id).sort());
  for (const verdict of ['true_positive', 'benign', 'false_positive']) {
    expect(truths.filter((truth) => truth.verdict === verdict).length).toBeGreaterThanOrEqual(12);
  }
});

test('only the lost connection of an app cannot be decided by any call', () => {
  const undecidable = truths.filter((truth) => truth.undecidable !== undefined);
  expect(undecidable.map((truth) => alertOf(truth)?.title)).toEqual(['App connector error: Salesforce']);
  const decided = truths.filter((truth) => truth.undecidable === undefined);
  for (const { activities: own, apps } of decided) expect(own.length + apps.length).toBeGreaterThan(0);
});

test('analysts have closed as the truth says, where they had all three words', () => {
  const words: Record<number, string> = { 3: 'false_positive', 4: 'benign', 5: 'true_positive' };
  const closed = truths.filter((truth) => words[alertOf(truth)?.resolutionStatusValue ?? 0]);
  expect(closed.length).toBeGreaterThan(10);
  for (const truth of closed) expect(words[alertOf(truth)?.resolutionStatusValue ?? 0]).toBe(truth.verdict);
});

describe('the deciding records', () => {
  test.each(truths.map((truth) => [alertOf(truth)?.title, truth] as const))(
    'of %s are reached from the alert',
    async (_title, truth) => {
      const [, found] = await trace(truth);
      expect(found).toEqual(expect.arrayContaining(truth.activities));
      for (const id of truth.activities) expect((await get(`/api/v1/activities/${id}/`)).status).toBe(200);
    },
  );

  test('of every other kind are reached by their routes', async () => {
    const all = <K extends keyof Truth>(kind: K) => [...new Set(truths.flatMap((truth) => [truth[kind]].flat()))];
    expect(ids(await get('/api/v1/subnet/'))).toEqual(expect.arrayContaining(all('ipRanges')));
    for (const id of all('files')) expect((await get(`/api/v1/files/${id}/`)).json._id).toBe(id);
    for (const id of all('policies')) expect((await get(`/cas/api/v1/policies/${id}/`)).status).toBe(200);
    for (const id of all('apps')) {
      const { json } = await post('/cas/api/v1/discovery/discovered_apps/', { filters: { appId: { eq: [id] } } });
      expect(json.data).toMatchObject([{ appId: id }]);
    }
    for (const id of all('users')) {
      const { json } = await post('/api/v1/entities/', { filters: { entity: { eq: [{ id, saas: 11161, inst: 0 }] } } });
      expect(json.data[0]).toMatchObject({ id });
    }
  });

  test('lead there by all three ways, none of them rare', async () => {
    const ways = await Promise.all(truths.map(async (truth) => (await trace(truth))[0]));
    for (const way of ['joined', 'audits', 'by time']) {
      expect(ways.filter((it) => it === way).length).toBeGreaterThanOrEqual(15);
    }
    expect(ways.filter((way) => way === 'nothing').length).toBe(
      truths.filter((truth) => truth.activities.length === 0).length,
    );
  });
});

test('what decides may come after the alert, but not ten minutes after it', () => {
  const delays = truths.flatMap((truth) => {
    const raised = alertOf(truth)?.timestamp ?? 0;
    const deciding = activities.filter(({ _id }) => truth.activities.includes(_id));
    return deciding.map(({ timestamp }) => timestamp - raised);
  });
  expect(delays.filter((delay) => delay > 0).length).toBeGreaterThanOrEqual(4);
  expect(Math.max(...delays)).toBeLessThan(10 * MINUTE);
});

test('an IP range is named where it holds an address of the alert', () => {
  for (const { alertId, ipRanges } of truths) {
    const alert = alerts.find(({ _id }) => _id === alertId);
    const addresses = alert?.entities.filter(({ type }) => type === 'ip').map(({ id }) => String(id)) ?? [];
    for (const id of ipRanges) {
      const range = emulator.state.subnets.find(({ _id }) => _id === id);
      const head = range?.subnets[0]?.originalString.split('.').slice(0, 3).join('.') ?? '-';
      expect(addresses.some((address) => address.startsWith(head))).toBe(true);
    }
  }
});

test('no answer of the service knows the truth', async () => {
  const paths = ['alerts', 'activities', 'entities', 'files', 'subnet', 'policies'].map((name) => `/api/v1/${name}/`);
  const texts = await Promise.all(paths.map(async (path) => (await get(path)).text));
  const served = `${texts.join()}${await (await fetch(`${emulator.url}/__emulator/state`)).text()}`;
  expect(served).not.toMatch(/"(verdict|decides|deciding|undecidable)"/);
  expect(activities.every(({ timestamp }) => timestamp <= START)).toBe(true);
});
