import { describe, expect, test } from 'vitest';
import type { App } from '../../src/emulator/records.ts';
import { type Harness, startHarness } from './harness.ts';

const TIKTOK = 35845;
const AZURE = 12260;

const tagPath = (id: number | string, verb: string) => `/api/v1/discovery/discovery_app/${id}/${verb}/`;
const tagsOf = ({ emulator }: Harness, id: number) => emulator.state.apps.find((app) => app.appId === id)?.tags;

async function countsOf(harness: Harness, id: number) {
  const { json } = await harness.post('/cas/api/v1/discovery/discovered_apps/tags/', {
    filters: { appId: { eq: [id] } },
  });
  return Object.fromEntries(json.data.map((row: { id: string; count: number }) => [row.id, row.count]));
}

describe('tags', () => {
  test('replace each other where they are built in, and the counts follow', async () => {
    const harness = await startHarness();
    expect(await countsOf(harness, TIKTOK)).toEqual({ Sanctioned: 0, Unsanctioned: 0, None: 1 });
    for (const tagName of ['Sanctioned', 'Unsanctioned', 'Unsanctioned']) {
      expect((await harness.post(tagPath(TIKTOK, 'add_tag'), { tagName })).json).toEqual({});
    }
    expect(tagsOf(harness, TIKTOK)).toEqual(['Unsanctioned']);
    expect(await countsOf(harness, TIKTOK)).toEqual({ Sanctioned: 0, Unsanctioned: 1, None: 0 });
  });

  test('of other names stand beside these, and can be removed twice', async () => {
    const harness = await startHarness();
    await harness.post(tagPath(TIKTOK, 'add_tag'), { tagName: 'Reviewed' });
    await harness.post(tagPath(TIKTOK, 'add_tag'), { tagName: 'Monitored' });
    expect(tagsOf(harness, TIKTOK)).toEqual(['Reviewed', 'Monitored']);
    for (let time = 0; time < 2; time += 1) await harness.post(tagPath(TIKTOK, 'remove_tag'), { tagName: 'Reviewed' });
    expect(tagsOf(harness, TIKTOK)).toEqual(['Monitored']);
    expect(await countsOf(harness, TIKTOK)).toEqual({ Sanctioned: 0, Unsanctioned: 0, None: 0 });
  });

  test('are also set by set_sanctioned', async () => {
    const harness = await startHarness();
    await harness.post(`/cas${tagPath(TIKTOK, 'set_sanctioned')}`, { appId: TIKTOK, sanctioned: true });
    expect(tagsOf(harness, TIKTOK)).toEqual(['Sanctioned']);
    await harness.post(tagPath(TIKTOK, 'set_sanctioned'), { sanctioned: false });
    expect(tagsOf(harness, TIKTOK)).toEqual(['Unsanctioned']);
    expect((await harness.post(tagPath(TIKTOK, 'set_sanctioned'), {})).status).toBe(400);
    expect((await harness.post(tagPath(1, 'set_sanctioned'), { sanctioned: true })).status).toBe(404);
  });

  test('never unsanction a protected app', async () => {
    const harness = await startHarness();
    for (const [verb, body] of [
      ['add_tag', { tagName: 'Unsanctioned' }],
      ['set_sanctioned', { sanctioned: false }],
    ] as const) {
      expect((await harness.post(tagPath(AZURE, verb), body)).status).toBe(400);
    }
    expect(tagsOf(harness, AZURE)).toEqual(['Sanctioned']);
  });

  test('get 404 for an unknown app and 400 without a name', async () => {
    const harness = await startHarness();
    expect((await harness.post(tagPath(1, 'add_tag'), { tagName: 'Sanctioned' })).status).toBe(404);
    expect((await harness.post(tagPath('x', 'remove_tag'), { tagName: 'Sanctioned' })).status).toBe(404);
    expect((await harness.post(tagPath(TIKTOK, 'add_tag'), {})).status).toBe(400);
  });

  test('are listed as a bare array', async () => {
    const { post } = await startHarness();
    const { json } = await post('/api/v1/discovery/app_tags/');
    expect(json[0]).toMatchObject({ name: 'Sanctioned', target: 6, builtIn: true });
    expect(json[1].appIds).toContain(11627);
  });
});

test('discovered apps are filtered and sorted', async () => {
  const { post } = await startHarness();
  const path = '/cas/api/v1/discovery/discovered_apps/';
  const byTag = await post(path, {
    filters: { tag: { eq: ['Unsanctioned'] } },
    sortField: 'name',
    sortDirection: 'asc',
  });
  expect(byTag.json.data.map((app: App) => app.name)).toEqual(['Dropbox', 'Example Paste']);
  const untagged = await post(path, { filters: { tag: { eq: 'None' } } });
  expect(untagged.json.data.length).toBeGreaterThan(0);
  expect(untagged.json.data.every((app: App) => app.tags.length === 0)).toBe(true);
  expect((await post('/api/v1/discovery/discovered_apps/tags/', { filters: { x: {} } })).status).toBe(400);
});

test('discovered apps are chosen by score and by user; the catalogue also holds apps that nobody uses', async () => {
  const { post, emulator } = await startHarness();
  const path = '/cas/api/v1/discovery/discovered_apps/';
  const scores = await post(path, { filters: { score: { eq: [2, 4] } } });
  expect(new Set(scores.json.data.map(({ score }: App) => score))).toEqual(new Set([2, 3, 4]));
  const [user] = emulator.state.entities.filter(({ displayName }) => displayName === 'Casey Demo');
  const used = await post(path, { filters: { 'user.entity': { eq: [{ id: user?.id, saas: 11161, inst: 0 }] } } });
  expect(used.json.data.map(({ name }: App) => name)).toContain('Sample Transfer');

  const catalogue = '/cas/api/v1/discovery/app_catalog/';
  const found = await post(catalogue, { filters: { name: { contains: ['sample'] } }, sortField: 'score' });
  expect(found.json.data.map(({ name }: App) => name)).toEqual(['Sample Transfer Enterprise', 'Sample Transfer']);
  const byDomain = await post(catalogue, { filters: { domainList: { eq: 'TikTok.com' } } });
  expect(byDomain.json.data).toMatchObject([{ appId: TIKTOK }]);
  expect((await post(path, { filters: { appId: { eq: [62011] } } })).json.total).toBe(0);
});

test('the catalogue describes an app', async () => {
  const { get } = await startHarness();
  const { json } = await get(`/api/v1/saasdb/${TIKTOK}/`);
  expect(json).toMatchObject({
    name: 'TikTok',
    category: 'SAASDB_CATEGORY_SOCIAL_NETWORK',
    revised_score: { total: 6 },
  });
  expect((await get('/api/v1/saasdb/1/')).status).toBe(404);
});

test('streams are listed, and the block script has the domains of unsanctioned apps', async () => {
  const { get, post } = await startHarness();
  expect((await get('/api/discovery/streams/')).json.streams[0].displayName).toBe('Global View');
  const path = '/api/discovery_block_scripts/?format=120&type=banned';
  await post(tagPath(TIKTOK, 'add_tag'), { tagName: 'Unsanctioned' });
  const script = await get(path);
  expect(script.headers.get('content-type')).toContain('text/plain');
  expect(script.text).toBe('dropbox.com\ntiktok.com\npaste.example\n');
  expect((await get('/api/discovery_block_scripts/?format=7')).status).toBe(400);
});
