import { describe, expect, test } from 'vitest';
import { textOf, withFixture } from '../fixture.ts';

describe('what cannot be meant is refused with no call made, and the way out told', () => {
  const NARROW = /^invalid_input: At least one of alert_id, user, ip, app_id, country, device_type is needed\./;
  test.each([
    ['mdca_list_activities', {}, NARROW],
    ['mdca_list_activities', { admin_only: true }, NARROW],
    ['mdca_list_activities', { admin_only: false, since: '24h', until: '1h', limit: 5 }, NARROW],
    ['mdca_list_activities', { user: null, ip: null, since: '24h' }, NARROW],
    ['mdca_list_alerts', { status: ['open', 'closed'] }, /^invalid_input: status: /],
    ['mdca_list_alerts', { severity: [] }, /^invalid_input: severity: /],
    ['mdca_list_alerts', { status: 'open', read: 'unread' }, /^invalid_input: read: /],
    ['mdca_list_files', { sharing: [] }, /^invalid_input: sharing: /],
    ['mdca_find_apps', { tag: 'blocked' }, /^invalid_input: tag: /],
    ['mdca_list_ip_ranges', { ip: '192.0.2.0/24' }, /^invalid_input: ip: an IP address is needed/],
    ['mdca_list_ip_ranges', { ip: 'fe80::1%eth0' }, /^invalid_input: ip: an IP address is needed/],
  ])('%s %j', (name, args, message) =>
    withFixture(async ({ call, emulator }) => {
      expect(textOf(await call(name, args))).toMatch(message);
      expect(emulator.requests).toEqual([]);
    }),
  );
});

test('a cursor goes on with its own list only', () =>
  withFixture(async ({ call, emulator }) => {
    const asked = { status: 'open', limit: 2 };
    const { structuredContent } = await call('mdca_list_alerts', asked);
    const cursor = structuredContent?.cursor;
    emulator.requests.length = 0;
    const others = [
      ['mdca_list_alerts', { status: 'any', cursor }],
      ['mdca_list_alerts', { ...asked, severity: ['high'], cursor }],
      ['mdca_list_alerts', { ...asked, sort: 'severity', cursor }],
      ['mdca_list_users', { cursor }],
      ['mdca_list_alerts', { ...asked, cursor: `${cursor}x` }],
      ['mdca_list_alerts', { ...asked, cursor: 'l1.0.0...' }],
    ] as const;
    for (const [name, args] of others)
      expect(textOf(await call(name, args)), JSON.stringify(args)).toMatch(/^invalid_input: cursor: /);
    expect(emulator.requests).toEqual([]);
    expect((await call('mdca_list_alerts', { ...asked, limit: 5, cursor })).isError).toBeFalsy();
  }));

test('apps that nobody uses come cursor by cursor too, each once', () =>
  withFixture(async ({ call, emulator: { state } }) => {
    for (const [n, app] of state.apps.entries()) Object.assign(app, { usersCount: 0, name: `Nobody's ${n}` });
    const ids: number[] = [];
    for (let cursor: unknown, more: unknown = true; more === true; ) {
      const { structuredContent } = await call('mdca_find_apps', { name: "nobody's", limit: 4, cursor });
      expect(structuredContent?.found_in).toBe('catalog');
      const answer = structuredContent as { apps: { id: number }[]; cursor?: string; has_more: boolean };
      ids.push(...answer.apps.map(({ id }) => id));
      ({ cursor, has_more: more } = answer);
    }
    expect(ids.toSorted()).toEqual(state.apps.map(({ appId }) => appId).toSorted());
  }));
