import { describe, expect, test } from 'vitest';
import { textOf, withFixture } from '../fixture.ts';
import { codeOf, writesOf } from '../writes/writing.ts';

const APP = 35845;
const PROTECTED = 20595;
/** Some statuses after which the service may have carried a write out all the same. */
const UNCLEAR = [302, 304, 400, 405, 408, 409, 415, 422];

describe.each([
  ['mdca_tag_app_sanctioned', 'Sanctioned'],
  ['mdca_tag_app_unsanctioned', 'Unsanctioned'],
] as const)('%s', (name, tag) => {
  test('tags by the documented body, then verifies by reading', () =>
    withFixture(async (fixture) => {
      const result = await fixture.call(name, { app_id: APP });
      expect(result.structuredContent).toEqual({ status: 'tagged', app_id: APP, tag, verified: true });
      const calls = fixture.emulator.requests.map(({ method, path, body }) => ({ method, path, body }));
      // The first two calls are the plan's: it reads the tag and the name.
      expect(calls.slice(2)).toEqual([
        { method: 'POST', path: `/api/v1/discovery/discovery_app/${APP}/add_tag/`, body: { tagName: tag } },
        {
          method: 'POST',
          path: '/cas/api/v1/discovery/discovered_apps/tags/',
          body: { skip: 0, filters: { appId: { eq: [APP] } } },
        },
      ]);
    }));

  test('sends once where the answer is lost, and reports the tag that was read', () =>
    withFixture(async (fixture) => {
      fixture.emulator.fault({ kind: 'reset', path: 'add_tag', applied: true });
      const result = await fixture.call(name, { app_id: APP });
      expect(result.structuredContent).toMatchObject({ status: 'tagged', verified: true });
      expect(textOf(result)).toContain('not repeated');
      expect(fixture.emulator.requests.filter(({ path }) => path.includes('add_tag'))).toHaveLength(1);
    }));

  test('reports an accepted tag that was not set as not_tagged', () =>
    withFixture(async (fixture) => {
      fixture.emulator.fault({ kind: 'status', status: 200, body: '{}', path: 'add_tag' });
      fixture.emulator.fault({ kind: 'status', status: 200, body: '{"data":[]}', path: 'tags' });
      const result = await fixture.call(name, { app_id: APP });
      expect(result.structuredContent).toMatchObject({ status: 'not_tagged', verified: false });
    }));

  test.each([
    ['the tags of many apps', [{ id: tag, count: 57 }]],
    [
      'both tags at once',
      [
        { id: 'Sanctioned', count: 1 },
        { id: 'Unsanctioned', count: 1 },
      ],
    ],
    [
      'one tagged app among all apps',
      [
        { id: tag, count: 1 },
        { id: 'None', count: 57 },
      ],
    ],
    [
      'a tagged app and one without a tag',
      [
        { id: 'None', count: '1' },
        { id: tag, count: 1 },
      ],
    ],
    ['the same tag twice', Array(2).fill({ id: tag, count: 1 })],
    [
      'a count of another kind',
      [
        { id: tag, count: 1 },
        { id: 'None', count: 'few' },
      ],
    ],
    [
      'another tag of many apps',
      [
        { id: tag, count: 1 },
        { id: 'Of our own', count: 2 },
      ],
    ],
  ])('%s in the read-back verify nothing', (_what, data) =>
    withFixture(async (fixture) => {
      fixture.emulator.fault({ kind: 'slow', delayMs: 0, path: 'tags' });
      fixture.emulator.fault({ kind: 'status', status: 200, body: JSON.stringify({ data }), path: 'tags' });
      const result = await fixture.call(name, { app_id: APP });
      expect(result.structuredContent).toMatchObject({ status: 'unverified', verified: false });
    }),
  );

  test('after a refusal, a tag that is neither the old nor the new one is told as it is', () =>
    withFixture(async (fixture) => {
      const counts = (id: string) => JSON.stringify({ data: [{ id, count: 1 }] });
      const other = tag === 'Sanctioned' ? 'Unsanctioned' : 'Sanctioned';
      fixture.emulator.fault({ kind: 'status', status: 200, body: counts('None'), path: 'tags' });
      fixture.emulator.fault({ kind: 'status', status: 200, body: counts(other), path: 'tags' });
      fixture.emulator.fault({ kind: 'status', status: 400, effect: 'write' });
      const result = await fixture.call(name, { app_id: APP });
      expect(result.structuredContent).toMatchObject({ status: 'not_tagged', verified: false });
      expect(textOf(result)).toContain('The request failed (rejected) and was not repeated');
    }));

  test('a tag beside others of the same app is verified', () =>
    withFixture(async (fixture) => {
      const data = [
        { id: tag, count: '1' },
        { id: 'Of our own', count: 1 },
        { id: 'None', count: 0 },
      ];
      fixture.emulator.fault({ kind: 'slow', delayMs: 0, path: 'tags' });
      fixture.emulator.fault({ kind: 'status', status: 200, body: JSON.stringify({ data }), path: 'tags' });
      expect((await fixture.call(name, { app_id: APP })).structuredContent).toMatchObject({ status: 'tagged' });
    }));

  test.each(UNCLEAR)('HTTP %i after it took place: sent once, read back, reported', (status) =>
    withFixture(async (fixture) => {
      fixture.emulator.fault({ kind: 'status', status, body: '', applied: true, effect: 'write' });
      const result = await fixture.call(name, { app_id: APP });
      expect(result.structuredContent).toMatchObject({ status: 'tagged', verified: true });
      expect(textOf(result)).toContain('not repeated');
      expect(writesOf(fixture)).toHaveLength(1);
    }),
  );

  test.each(UNCLEAR)('HTTP %i before it took place: sent once, read back, an error that says so', (status) =>
    withFixture(async (fixture) => {
      fixture.emulator.fault({ kind: 'status', status, body: '', effect: 'write' });
      const text = textOf(await fixture.call(name, { app_id: APP }));
      expect(text).toMatch(/^(rejected|route_refused|conflict|redirected): .*reading afterwards shows no change/);
      expect(fixture.emulator.requests.at(-1)?.path).toContain('discovered_apps/tags');
      expect(writesOf(fixture)).toHaveLength(1);
    }),
  );

  test.each(['35845.0', '3.5e4', '0x8c05', 'Dropbox', '', 35845.5, 0, -1, null])(
    'app_id %j is refused with no call made',
    (app_id) =>
      withFixture(async (fixture) => {
        expect(textOf(await fixture.call(name, { app_id }))).toMatch(/^invalid_input: app_id: /);
        expect(fixture.emulator.requests).toEqual([]);
      }),
  );
});

test('a protected app refuses to be unsanctioned', () =>
  withFixture(async (fixture) => {
    expect(textOf(await fixture.call('mdca_tag_app_unsanctioned', { app_id: PROTECTED }))).toMatch(/^rejected: /);
  }));

test.each([
  [{ appId: APP, name: 'TikTok' }, 'name TikTok'],
  [{ id: String(APP), name: 'TikTok' }, 'name TikTok'],
  [{ _id: 'a'.repeat(24), name: 'TikTok' }, 'name TikTok'],
  [{ name: 'TikTok' }, 'name TikTok'],
  [{ appId: 11161, name: 'Office 365' }, 'its name could not be read'],
  [{ id: 11161, name: 'Office 365' }, 'its name could not be read'],
  [{ _id: '11161', name: 'Office 365' }, 'its name could not be read'],
  [{ appId: APP, id: 11161, name: 'Office 365' }, 'its name could not be read'],
])('the plan names the app by %j only if it is that app', (body, said) =>
  withFixture(
    async (fixture) => {
      fixture.emulator.fault({ kind: 'status', status: 200, body: JSON.stringify(body), path: 'saasdb' });
      const result = await fixture.call('mdca_tag_app_unsanctioned', { app_id: APP });
      expect(codeOf(result)).toMatch(/\S/);
      expect(textOf(result).replaceAll('"', '')).toContain(said);
      if (!said.includes('TikTok')) expect(textOf(result)).not.toContain('Office');
    },
    { environment: { MDCA_WRITES: 'confirm' } },
  ),
);
