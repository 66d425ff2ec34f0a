import { describe, expect, test } from 'vitest';
import type { App } from '../../src/emulator/records.ts';
import { type Fixture, startFixture } from './harness.ts';

const TIKTOK = 35845;
const AZURE = 12260;

const tagPath = (id: number | string, verb: string) => `/api/v1/discovery/discovery_app/${id}/${verb}/`;
const tagsOf = ({ emulator }: Fixture, id: number) => emulator.state.apps.find((app) => app.appId === id)?.tags;

async function verify(fixture: Fixture, id: number) {
  const { json } = await fixture.post('/cas/api/v1/discovery/discovered_apps/tags/', {
    filters: { appId: { eq: [id] } },
  });
  return Object.fromEntries(json.data.map((row: { id: string; count: number }) => [row.id, row.count]));
}

describe('tags', () => {
  test('the built-in ones replace each other; twice is once; verification follows', async () => {
    const fixture = await startFixture();
    expect(await verify(fixture, TIKTOK)).toEqual({ Sanctioned: 0, Unsanctioned: 0, None: 1 });
    for (const tagName of ['Sanctioned', 'Unsanctioned', 'Unsanctioned']) {
      expect((await fixture.post(tagPath(TIKTOK, 'add_tag'), { tagName })).json).toEqual({});
    }
    expect(tagsOf(fixture, TIKTOK)).toEqual(['Unsanctioned']);
    expect(await verify(fixture, TIKTOK)).toEqual({ Sanctioned: 0, Unsanctioned: 1, None: 0 });
  });

  test('others stand beside them; removing is idempotent', async () => {
    const fixture = await startFixture();
    await fixture.post(tagPath(TIKTOK, 'add_tag'), { tagName: 'Reviewed' });
    await fixture.post(tagPath(TIKTOK, 'add_tag'), { tagName: 'Monitored' });
    expect(tagsOf(fixture, TIKTOK)).toEqual(['Reviewed', 'Monitored']);
    for (let time = 0; time < 2; time += 1) await fixture.post(tagPath(TIKTOK, 'remove_tag'), { tagName: 'Reviewed' });
    expect(tagsOf(fixture, TIKTOK)).toEqual(['Monitored']);
    expect(await verify(fixture, TIKTOK)).toEqual({ Sanctioned: 0, Unsanctioned: 0, None: 0 });
  });

  test('set_sanctioned', async () => {
    const fixture = await startFixture();
    await fixture.post(`/cas${tagPath(TIKTOK, 'set_sanctioned')}`, { appId: TIKTOK, sanctioned: true });
    expect(tagsOf(fixture, TIKTOK)).toEqual(['Sanctioned']);
    await fixture.post(tagPath(TIKTOK, 'set_sanctioned'), { sanctioned: false });
    expect(tagsOf(fixture, TIKTOK)).toEqual(['Unsanctioned']);
    expect((await fixture.post(tagPath(TIKTOK, 'set_sanctioned'), {})).status).toBe(400);
    expect((await fixture.post(tagPath(1, 'set_sanctioned'), { sanctioned: true })).status).toBe(404);
  });

  test('a protected app cannot be unsanctioned', async () => {
    const fixture = await startFixture();
    for (const [verb, body] of [
      ['add_tag', { tagName: 'Unsanctioned' }],
      ['set_sanctioned', { sanctioned: false }],
    ] as const) {
      expect((await fixture.post(tagPath(AZURE, verb), body)).status).toBe(400);
    }
    expect(tagsOf(fixture, AZURE)).toEqual(['Sanctioned']);
  });

  test('unknown app: 404; no tag name: 400', async () => {
    const fixture = await startFixture();
    expect((await fixture.post(tagPath(1, 'add_tag'), { tagName: 'Sanctioned' })).status).toBe(404);
    expect((await fixture.post(tagPath('x', 'remove_tag'), { tagName: 'Sanctioned' })).status).toBe(404);
    expect((await fixture.post(tagPath(TIKTOK, 'add_tag'), {})).status).toBe(400);
  });

  test('the register of tags is a bare array', async () => {
    const { post } = await startFixture();
    const { json } = await post('/api/v1/discovery/app_tags/');
    expect(json[0]).toMatchObject({ name: 'Sanctioned', target: 6, builtIn: true });
    expect(json[1].appIds).toContain(11627);
  });
});

test('discovered apps, filtered and sorted', async () => {
  const { post } = await startFixture();
  const path = '/cas/api/v1/discovery/discovered_apps/';
  const byTag = await post(path, {
    filters: { tag: { eq: ['Unsanctioned'] } },
    sortField: 'name',
    sortDirection: 'asc',
  });
  expect(byTag.json.data.map((app: App) => app.name)).toEqual(['Dropbox', 'Example Paste']);
  const untagged = await post(path, { filters: { tag: { eq: 'None' } } });
  expect(untagged.json.data.every((app: App) => app.tags.length === 0)).toBe(true);
  expect((await post('/api/v1/discovery/discovered_apps/tags/', { filters: { x: {} } })).status).toBe(400);
});

test('catalogue', async () => {
  const { get } = await startFixture();
  const { json } = await get(`/api/v1/saasdb/${TIKTOK}/`);
  expect(json).toMatchObject({
    name: 'TikTok',
    category: 'SAASDB_CATEGORY_SOCIAL_NETWORK',
    revised_score: { total: 6 },
  });
  expect((await get('/api/v1/saasdb/1/')).status).toBe(404);
});

test('streams and block script', async () => {
  const { get, post } = await startFixture();
  expect((await get('/api/discovery/streams/')).json.streams[0].displayName).toBe('Global View');
  const path = '/api/discovery_block_scripts/?format=120&type=banned';
  await post(tagPath(TIKTOK, 'add_tag'), { tagName: 'Unsanctioned' });
  const script = await get(path);
  expect(script.headers.get('content-type')).toContain('text/plain');
  expect(script.text).toBe('dropbox.com\ntiktok.com\npaste.example\n');
  expect((await get('/api/discovery_block_scripts/?format=7')).status).toBe(400);
});
