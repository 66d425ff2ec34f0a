import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodingsOf, leaked } from '../leaked.ts';
import { openIds } from '../samples.ts';
import { call, PATIENT, useServers } from './servers.ts';
import { SECRET } from './stand_ins.ts';

const { stand, servers } = await useServers();

/** Status of each write that has arrived at the service. */
const closes = () => stand.sent.filter(({ path }) => path.includes('close_benign')).map(({ status }) => status);
const isClose = (path: string) => path.includes('close_benign');

/** A server that closes one alert without a question, and the last entry of its audit trail. */
async function closing(name: string) {
  const file = join(stand.folder, `${name}.jsonl`);
  const server = await servers.serve({ MDCA_AUDIT_FILE: file });
  const alert_ids = openIds(stand.emulator.state.alerts, 1);
  const outcome = () => JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '');
  return { server, file, outcome, close: (id: number) => call(server, id, 'mdca_close_alert_benign', { alert_ids }) };
}

const EXPIRED = {
  status: 401,
  body: { error: 'invalid_client', error_description: `AADSTS7000222: ${SECRET}`, error_codes: [7000222] },
};

test('a refused write whose new token is not issued is not sent again, and the audit says why', async () => {
  const { server, outcome, close } = await closing('not_renewed');
  stand.before = (path) => {
    if (!isClose(path)) return undefined;
    stand.answer = () => EXPIRED;
    return stand.revoke();
  };
  expect(await close(2)).toMatch(/^sign_in_failed: .*HTTP 401.*AADSTS7000222.*has expired/s);
  expect(closes()).toEqual([401]);
  expect(outcome()).toMatchObject({ event: 'outcome', code: 'sign_in_failed', http_status: [401] });
  servers.expectNoCanary(server);
}, 30_000);

test('a refused write whose new token permits less is not sent again, and the audit says why', async () => {
  const { outcome, close } = await closing('less');
  stand.before = (path) => {
    if (!isClose(path)) return undefined;
    stand.answer = () => ({ claims: { roles: ['Investigation.read'] } });
    return stand.revoke();
  };
  expect(await close(2)).toMatch(
    /^role_missing: .*Investigation.manage or Discovery.manage; it has Investigation.read/s,
  );
  expect(closes()).toEqual([401]);
  expect(outcome()).toMatchObject({ event: 'outcome', code: 'role_missing', http_status: [401] });
}, 30_000);

test('a refused write that is cancelled while the token is renewed is not sent again', async () => {
  const { server, outcome, close } = await closing('cancelled');
  let go = () => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  stand.before = (path) => {
    if (!isClose(path)) return undefined;
    stand.answer = () => held.then(() => ({}));
    return stand.revoke();
  };
  void close(2).catch(() => {});
  await expect.poll(() => stand.asked.length, PATIENT).toBe(2);
  server.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } });
  await expect.poll(outcome, PATIENT).toMatchObject({ event: 'outcome', code: 'cancelled', http_status: [401] });
  go();
  stand.before = () => undefined;
  expect(await call(server, 3, 'mdca_get_open_alerts')).toMatch(/alert/i);
  expect(closes()).toEqual([401]);
}, 30_000);

test('a 401 of something between is no reason to send a write again, nor to renew the token', async () => {
  const { outcome, close } = await closing('between');
  stand.before = (path) => (isClose(path) ? { status: 401, body: '<html>Sign in to the proxy</html>' } : undefined);
  expect(await close(2)).toMatch(/^intercepted: /);
  expect(closes()).toEqual([401]);
  expect(stand.issued).toHaveLength(1);
  expect(outcome()).toMatchObject({ event: 'outcome', code: 'intercepted', http_status: [401] });
  stand.before = (path) => (isClose(path) ? { status: 403, body: '<html>Blocked</html>' } : undefined);
  expect(await close(3)).toMatch(/^intercepted: /);
}, 30_000);

test('a 403 is no reason to renew the token, and names the permission', async () => {
  const { close } = await closing('forbidden');
  stand.before = (path) => (isClose(path) ? { status: 403, body: '{"detail":"no"}' } : undefined);
  expect(await close(2)).toMatch(/^forbidden: .*Investigation.manage or Discovery.manage/s);
  expect(closes()).toEqual([403]);
  expect(stand.issued).toHaveLength(1);
}, 30_000);

test('a permission that is lost between the plan and the write is named before the write leaves', async () => {
  const { server, outcome, close } = await closing('lost');
  let reads = 0;
  // The first read plans; it is refused, and its repetition has a token that permits less.
  stand.before = () => {
    if (reads++ > 0) return undefined;
    stand.answer = () => ({ claims: { roles: ['Investigation.read'] } });
    return stand.revoke();
  };
  expect(await close(2)).toMatch(/^role_missing: .*Investigation.manage or Discovery.manage/s);
  expect(stand.sent.map(({ status }) => status)).toEqual([401, 200]);
  expect(outcome()).toMatchObject({ event: 'outcome', code: 'role_missing', http_status: [] });
  servers.expectNoCanary(server);
}, 30_000);

test('what stands in an answer of the secret and of recent tokens is withheld, in every form; so it is on disk', async () => {
  const { server, file, close } = await closing('withheld');
  const [alert] = stand.emulator.state.alerts.filter(({ resolutionStatusValue }) => resolutionStatusValue === 0);
  if (!alert) throw new Error('the demo tenant has no open alert');
  const { title, description } = alert;
  await call(server, 2, 'mdca_get_open_alerts');
  stand.revoke();
  await call(server, 3, 'mdca_get_open_alerts');
  expect(stand.issued).toHaveLength(2);
  let id = 4;
  for (const secret of [SECRET, ...stand.issued]) {
    for (const form of encodingsOf(secret)) {
      alert.title = form;
      alert.description = `said ${form} again`;
      expect(await call(server, id++, 'mdca_get_alert', { alert_id: alert._id })).toContain('[withheld]');
    }
  }
  expect(await close(id)).toContain('closed 1');
  Object.assign(alert, { title, description });
  servers.expectNoCanary(server);
  expect(leaked(readFileSync(file, 'utf8'), [SECRET, ...stand.issued])).toEqual([]);
}, 60_000);
