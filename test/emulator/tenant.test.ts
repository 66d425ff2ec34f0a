import { describe, expect, test } from 'vitest';
import type { Alert, AlertEntity } from '../../src/emulator/records.ts';
import { START, startHarness } from './harness.ts';

const DAY = 24 * 3_600_000;
const isOpen = (alert: Alert) => alert.resolutionStatusValue === 0;
const of = (alert: Alert, type: string) => alert.entities.filter((entity) => entity.type === type);
const { emulator } = await startHarness();
const { state } = emulator;
const { alerts, activities, policies, apps, entities } = state;

const addressOf = ({ entityData }: (typeof activities)[number]) => entityData['2'].id.id;

describe('the demo tenant', () => {
  test('has enough records of every kind', () => {
    expect(alerts.length).toBeGreaterThanOrEqual(72);
    expect(alerts.filter(isOpen).length).toBeGreaterThanOrEqual(50);
    expect(new Set(alerts.map((alert) => alert.idValue)).size).toBeGreaterThanOrEqual(12);
    expect(activities.length).toBeGreaterThanOrEqual(320);
    expect(entities.length).toBeGreaterThanOrEqual(16);
    expect(apps.length).toBeGreaterThanOrEqual(26);
    expect(apps.filter((app) => app.isProtected).length).toBeGreaterThanOrEqual(2);
    expect(policies.length).toBeGreaterThanOrEqual(22);
    expect(new Set(policies.map((policy) => policy.policyType)).size).toBeGreaterThanOrEqual(8);
    expect(policies.some((policy) => !policy.enabled)).toBe(true);
  });

  test('has every severity and every state', () => {
    expect(new Set(alerts.filter(isOpen).map((alert) => alert.severityValue))).toEqual(new Set([0, 1, 2, 3]));
    expect(new Set(alerts.map((alert) => alert.resolutionStatusValue))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  });

  test('has open alerts that are minutes to three weeks old', () => {
    const ages = alerts.filter(isOpen).map((alert) => START - alert.timestamp);
    expect(Math.min(...ages)).toBeLessThan(10 * 60_000);
    expect(Math.max(...ages)).toBeGreaterThan(20 * DAY);
    expect(Math.max(...ages)).toBeLessThan(23 * DAY);
    for (const { timestamp, created } of activities) expect(Math.max(timestamp, created)).toBeLessThanOrEqual(START);
  });
});

describe('its records', () => {
  test('have unique ids that look real', () => {
    const { subnets, streams, governance, files } = state;
    const records = [alerts, activities, policies, entities, subnets, streams, governance, files].flat();
    expect(new Set(records.map((record) => record._id)).size).toBe(records.length);
    for (const { _id, URL } of alerts) {
      expect(_id).toMatch(/^[0-9a-f]{24}$/);
      expect(URL).toBe(`https://contoso.us2.portal.cloudappsecurity.com/#/alerts/${_id}`);
    }
  });

  test.each(alerts.map((alert) => [alert.title, alert._id, alert] as const))(
    'refer to records that exist: %s %s',
    (_title, _id, alert) => {
      const ids = (type: string) => of(alert, type).map((entity: AlertEntity) => entity.id);
      expect(ids('policyRule')).toEqual([alert.policy.id]);
      const policy = policies.find((it) => it._id === alert.policy.id);
      expect(alert.policy).toMatchObject({ label: policy?.name, policyType: policy?.policyType, type: 'policyRule' });
      for (const id of ids('service'))
        expect(apps.some((app) => app.appId === id && app.name !== String(id))).toBe(true);
      for (const user of ids('user')) expect(entities.some((entity) => entity.email === user)).toBe(true);

      const named = activities.filter((activity) => alert.audits?.includes(activity._id));
      expect(named).toHaveLength(alert.audits?.length ?? 0);
      const own = activities.filter((it) => ids('account').includes(addressOf(it)));
      for (const ip of ids('ip')) expect(own.some((activity) => activity.device.clientIP === ip)).toBe(true);
      for (const code of ids('country')) expect(own.some((it) => it.location.countryCode === code)).toBe(true);
      for (const id of ids('file')) expect(state.files.some((file) => file.id === id)).toBe(true);

      for (const id of ids('account')) {
        expect(entities.some((entity) => entity.id === id)).toBe(true);
        const around = activities.filter(
          (it) => addressOf(it) === id && Math.abs(it.timestamp - alert.timestamp) < DAY,
        );
        expect(around.length).toBeGreaterThanOrEqual(7);
      }
      if (isOpen(alert)) expect([alert.resolveTime, alert.handledByUser]).toEqual([null, null]);
      else expect(Date.parse(alert.resolveTime ?? '')).toBeLessThanOrEqual(START);
    },
  );

  test('have addresses for documentation, and the domains of Microsoft for examples', () => {
    const ranges = /^(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8:)/;
    for (const { device } of activities) expect(device.clientIP).toMatch(ranges);
    for (const { email } of entities) expect(email).toMatch(/@(contoso|fabrikam)\.com$/);
    for (const { id, type } of entities)
      if (type === 2) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test('have markup, placeholders, and text that talks to machines', () => {
    expect(alerts.some((alert) => alert.isMarkdown && alert.description.includes('<p>'))).toBe(true);
    expect(alerts.some((alert) => alert.description.includes('__siteIcon__'))).toBe(true);
    expect(alerts.filter((alert) => /AI assistant|automated triage/.test(alert.description)).length).toBe(3);
  });
});

describe('its people', () => {
  const users = entities.filter(({ type }) => type === 2);

  test('are of every status, some of them administrators or from outside, most of them in groups', () => {
    expect(new Set(users.map(({ status }) => status))).toEqual(new Set([1, 2, 3, 4]));
    expect(users.filter(({ isAdmin }) => isAdmin).length).toBeGreaterThanOrEqual(2);
    expect(users.filter(({ isExternal }) => isExternal).length).toBeGreaterThanOrEqual(2);
    expect(users.filter(({ userGroups }) => userGroups.length > 0).length).toBeGreaterThan(users.length / 2);
  });

  test('were last seen when they last did something', () => {
    for (const { id, lastSeen } of users) {
      const times = activities.filter((it) => addressOf(it) === id && !it.failedUserData).map((it) => it.timestamp);
      expect(lastSeen).toBe(times.length > 0 ? new Date(Math.max(...times)).toISOString() : null);
    }
  });

  test('who have left may still have an account that works', () => {
    const left = users.find(({ status }) => status === 3);
    const accounts = entities.filter(({ type, email }) => type === 1 && email === left?.email);
    expect(accounts).toMatchObject([{ status: 2, appData: { name: 'Salesforce' } }]);
  });
});

test('its files have owners in the tenant, every level of sharing but one, and the policies of their alerts', () => {
  const { files, filePolicies } = state;
  expect(files.length).toBeGreaterThan(100);
  for (const { ownerAddress } of files) expect(entities.some(({ email }) => email === ownerAddress)).toBe(true);
  expect(new Set(files.map(({ fileAccessLevel }) => fileAccessLevel[0]))).toEqual(new Set([0, 1, 2, 4]));
  const matching = alerts.filter(({ policy }) => policy.policyType === 'FILE' || policy.policyType === 'MALWARE');
  for (const alert of matching) {
    const file = files.find(({ id }) => of(alert, 'file').some((entity) => entity.id === id));
    expect(filePolicies).toContainEqual({ fileId: file?._id, policyId: alert.policy.id });
  }
});

test('its days are not alike: different numbers of activities, gaps, programs', () => {
  const [someone] = entities;
  const own = activities.filter((it) => addressOf(it) === someone?.id).map((it) => it.timestamp);
  const times = [...own].sort((a, b) => a - b);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(new Set(gaps).size).toBe(gaps.length);
  const days = new Map<number, number>();
  for (const time of times) days.set(Math.floor(time / DAY), (days.get(Math.floor(time / DAY)) ?? 0) + 1);
  expect(new Set(days.values()).size).toBeGreaterThanOrEqual(3);
  expect(new Set(activities.map(({ device }) => device.userAgent)).size).toBeGreaterThanOrEqual(12);
});

test('the same start gives the same tenant; another start moves times, not ids', async () => {
  const twin = await startHarness();
  expect(twin.emulator.state).toEqual((await startHarness()).emulator.state);
  const later = await startHarness({ now: () => START + DAY });
  const ids = (harness: typeof twin) => harness.emulator.state.alerts.map((alert) => alert._id);
  expect(ids(later)).toEqual(ids(twin));
  expect(later.emulator.state.alerts[0]?.timestamp).toBe((twin.emulator.state.alerts[0]?.timestamp ?? 0) + DAY);
});
