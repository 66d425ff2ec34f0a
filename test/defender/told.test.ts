import { expect, test } from 'vitest';
import { watchedAlerts } from '../../src/defender/alerts/watched_alerts.ts';
import { alertFeed } from '../../src/defender/trigger/alert_feed.ts';
import { START } from '../../src/defender/trigger/feed_page.ts';
import { toToldAlert } from '../../src/defender/trigger/told.ts';

const PORTAL = 'https://tenant.example';
const ID = 'a'.repeat(24);
const alert = {
  ProviderAlertId: ID,
  AlertDisplayName: 'Impossible travel',
  Metadata: {},
  ExtendedProperties: {},
  Entities: [{ Type: 'ip', Address: '192.0.2.1' }],
  ExtendedLinks: [{ Href: `${PORTAL}/#/alerts/${ID}` }],
};
const page = { alerts: [alert], complete: true, time: { earliest: 1, latest: 2 }, leftOut: new Map([[ID, '3 more']]) };

test('an alert that another process has told is the same here', () => {
  expect(toToldAlert(alert, PORTAL)).toEqual(alert);
  expect(alertFeed.shared?.toPage(page, PORTAL)).toEqual(page);
});

test('what somebody else has put in its place is plain, and its link leads to the portal', () => {
  const told = toToldAlert(
    {
      ...alert,
      AlertDisplayName: '\u001b[31m[x](https://evil.example) <img src=x>',
      Entities: [{ Type: 'ip', Address: 'javascript:alert(1)' }],
      ExtendedLinks: [{ Href: 'https://evil.example' }],
    },
    PORTAL,
  );
  expect(told?.ExtendedLinks).toEqual(alert.ExtendedLinks);
  expect(JSON.stringify(told)).not.toMatch(/u001b|https:\/\/evil|<img|javascript:a/);
});

test.each([null, 7, 'text', [], {}, { ...alert, ProviderAlertId: 7 }, { ...alert, more: 1 }])(
  'no alert: %j',
  (value) => {
    expect(toToldAlert(value, PORTAL)).toBeUndefined();
    expect(alertFeed.shared?.toPage({ ...page, alerts: [alert, value] }, PORTAL)).toBeUndefined();
  },
);

test.each([null, 7, [], {}, { ...page, time: 7 }, { ...page, leftOut: {} }])('no page: %j', (value) => {
  expect(alertFeed.shared?.toPage(value, PORTAL)).toBeUndefined();
  expect(watchedAlerts.shared?.toPage(value, PORTAL)).toBeUndefined();
});

test('what other processes may ask for', () => {
  const asked = { since: 1, count: 21, ties: false };
  const feed = [START, asked, { ...asked, ties: true }];
  const none = [null, 7, 'x', {}, { ...asked, since: -1 }, { ...asked, count: 1e9 }, { ...asked, more: 1 }];
  expect(feed.map((query) => alertFeed.shared?.isQuery(query))).toEqual([true, true, true]);
  expect(none.filter((query) => alertFeed.shared?.isQuery(query))).toEqual([]);
  expect(['open', ID].map((query) => watchedAlerts.shared?.isQuery(query))).toEqual([true, true]);
  expect(none.filter((query) => watchedAlerts.shared?.isQuery(query))).toEqual([]);
});
