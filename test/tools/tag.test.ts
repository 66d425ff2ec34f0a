import { describe, expect, test } from 'vitest';
import { textOf, withFixture } from '../fixture.ts';

const APP = 35845;
const PROTECTED = 20595;

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
  ])('%s in the read-back verify nothing', (_what, data) =>
    withFixture(async (fixture) => {
      fixture.emulator.fault({ kind: 'slow', delayMs: 0, path: 'tags' });
      fixture.emulator.fault({ kind: 'status', status: 200, body: JSON.stringify({ data }), path: 'tags' });
      const result = await fixture.call(name, { app_id: APP });
      expect(result.structuredContent).toMatchObject({ status: 'unverified', verified: false });
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
