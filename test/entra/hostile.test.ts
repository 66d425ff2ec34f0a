import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { EntraConfig } from '../../src/config/entra_settings.ts';
import { Fault, faultText } from '../../src/core/errors.ts';
import { readClaims } from '../../src/entra/claims.ts';
import { createIdentity, type IdentityOptions } from '../../src/entra/identity.ts';
import { openIds } from '../samples.ts';
import { call, useServers } from './servers.ts';
import { CLIENT_ID, SECRET, TENANT_ID } from './stand_ins.ts';

const { stand, servers } = await useServers();
beforeAll(() => {
  // The certificate of the stand-in is its own; processes are told of it.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
});
afterAll(() => {
  vi.unstubAllEnvs();
});

const ROLES = ['Investigation.manage'];

/** Of a sign-in in this process, which trusts the certificate of the stand-in. */
function optionsOf(more: Partial<EntraConfig> = {}): IdentityOptions {
  const authority = `https://127.0.0.1:${stand.authorityPort}`;
  const proof = { kind: 'secret', secret: SECRET } as const;
  const entra = { proof, authority, tenantId: TENANT_ID, clientId: CLIENT_ID, ...more };
  return { entra, timeoutMs: 5_000, prompt: () => {} };
}

/** A token that the stand-in of the service does not know. */
const tokenBody = (access_token: unknown) => ({ body: { token_type: 'Bearer', expires_in: 3600, access_token } });
const ELSEWHERE = { location: 'https://127.0.0.2/' };
const NAUGHTY = '\u001b[31m\u202eevil\u0000\r\nX-Injected: 1';

test('a token is used for a while whatever is said of its end', async () => {
  const server = await servers.serve();
  let id = 10;
  for (const expiresIn of [0, -3600, '3600', 'soon', '', null, undefined, 1e18, -1e18, [], {}]) {
    stand.answer = () => ({ expiresIn });
    stand.revoke();
    const before = stand.asked.length;
    for (let calls = 0; calls < 3; calls++) {
      expect(await call(server, id++, 'mdca_get_open_alerts'), JSON.stringify(expiresIn)).toMatch(/alert/i);
    }
    expect(stand.asked.length - before, JSON.stringify(expiresIn)).toBe(1);
  }
}, 30_000);

test.each([
  ['a number', 1],
  ['an object', { toString: 1 }],
  ['empty', ''],
  ['absent', undefined],
  ['with a line break', 'a.b.c\r\nX-Injected: 1'],
  ['with a character that no header has', 'a.b.\u2603'],
  ['with a blank', 'a b'],
  ['huge', 'a'.repeat(1_000_000)],
])('a token that is %s is not used', async (_what, token) => {
  stand.answer = () => tokenBody(token);
  const identity = createIdentity(optionsOf());
  await expect(identity(true, undefined)).rejects.toMatchObject({ code: 'sign_in_failed' });
  expect(stand.asked).toHaveLength(1);
});

test('a token that is no JWT tells nothing, and the service judges it', async () => {
  for (const token of ['opaque', '..', 'a.b.c', 'a.bnVsbA.c', `a.${Buffer.from('[1]').toString('base64url')}.c`]) {
    expect(readClaims(token)).toEqual({ granted: undefined, application: '', person: undefined, tenant: '' });
  }
  stand.answer = () => tokenBody('opaque');
  const { code, out } = await servers.check();
  expect(code).toBe(1);
  expect(out).toMatch(/^FAILED: .*\nunauthorized: /);
  expect(out).toContain('the token does not say as whom.\nThe token does not say what it permits.');
  expect(out).not.toContain('Missing');
  expect(stand.sent.map(({ status }) => status)).toEqual([401, 401]);
}, 30_000);

test.each([
  ['absent', {}, []],
  ['null', { roles: null }, []],
  ['of another resource', { aud: 'https://graph.example' }, undefined],
  ['a text', { roles: 'Investigation.manage' }, ROLES],
  ['an object', { roles: { Investigation: 1 } }, undefined],
  ['a number', { roles: 1 }, undefined],
  ['an object beside a text', { roles: {}, scp: 'Investigation.manage' }, undefined],
  ['a list of other things', { roles: [{}, ['Investigation.manage'], 1, null] }, []],
  ['names that are none', { roles: [NAUGHTY, ...ROLES, 'a'.repeat(500)] }, ROLES],
  ['scp as a list', { scp: ROLES }, ROLES],
  ['scp with blanks', { scp: '  Investigation.manage  ' }, ROLES],
])('roles that are %s', (_what, claims, granted) => {
  expect(readClaims(stand.issue(claims)).granted).toEqual(granted);
});

test('claims are shown in printable characters, and shortened', async () => {
  const names = { app_displayname: NAUGHTY.repeat(20), appid: NAUGHTY, tid: 'x'.repeat(2_000), upn: { evil: 1 } };
  stand.answer = () => ({ claims: { roles: Array.from({ length: 300 }, (_, at) => `Role.${at}`), ...names } });
  const { out } = await servers.check();
  expect(out).toMatch(/Signed in by a client secret: application \[31mevilX-Injected/);
  expect(out).not.toMatch(/[^\x20-\x7e\n]/);
  expect(out).toContain('role_missing');
  expect(out.length).toBeLessThan(6_000);
  const server = await servers.serve();
  const refused = await call(server, 2, 'mdca_get_open_alerts');
  expect(refused).toMatch(/^role_missing: /);
  expect(refused.length).toBeLessThan(2_000);
}, 30_000);

test.each([
  ['a redirect', { status: 302, body: '{}', headers: ELSEWHERE }, 'HTTP 302'],
  ['a redirect that keeps the method', { status: 307, body: {}, headers: ELSEWHERE }, 'HTTP 307'],
  ['more than any answer', { status: 200, body: `{"a":"${'x'.repeat(17 * 1024 * 1024)}"}` }, 'exceeds 16 MiB'],
  ['too many requests', { status: 429, body: {} }, 'HTTP 429'],
  ['no object', { status: 200, body: 'null' }, 'a body that is not its JSON'],
  ['a list', { status: 200, body: '[]' }, 'a body that is not its JSON'],
  [
    'an error that is none',
    { status: 400, body: { error: NAUGHTY, error_description: NAUGHTY } },
    'refused the sign-in',
  ],
  ['an error of objects', { status: 400, body: { error: {}, error_description: { a: 1 } } }, 'sign_in_failed'],
  ['an error in a good answer', { status: 200, body: { error: 'x', error_description: 'AADSTS700016: no' } }, '700016'],
])('an authority that answers with %s is named, and asked once', async (_what, reply, why) => {
  stand.answer = () => reply;
  const fault = await createIdentity(optionsOf())(true, undefined).catch((error: unknown) => error);
  if (!(fault instanceof Fault)) throw new Error('expected a Fault', { cause: fault });
  expect(fault.code).toBe('sign_in_failed');
  expect(faultText(fault)).toContain(why);
  expect(faultText(fault)).not.toMatch(/evil|Injected|127\.0\.0\.2/);
  expect(stand.asked).toHaveLength(1);
});

test('an authority that does not answer in time ends the sign-in, and a call that is cancelled does not wait', async () => {
  let go = () => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  stand.answer = () => held.then(() => ({}));
  const server = await servers.serve({ MDCA_REQUEST_TIMEOUT_SECONDS: '3' });
  const ask = (id: number) => call(server, id, 'mdca_get_open_alerts', { limit: id });
  const [slow, left] = [ask(2), ask(3)];
  await expect.poll(() => stand.asked.length).toBe(1);
  server.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 3 } });
  expect(await slow).toMatch(/^sign_in_failed: The Entra authority 127.0.0.1:\d+ did not answer in time/);
  void left.catch(() => {});
  expect(server.stdout()).not.toContain('"id":3');
  expect(stand.sent).toEqual([]);
  go();
  expect(await ask(4)).toMatch(/alert/i);
  expect(stand.sent).toHaveLength(1);
}, 30_000);

test('the server ends at once while Entra is asked, and sends nothing', async () => {
  stand.answer = () => delay(20_000, {}, { ref: false });
  const server = await servers.serve();
  const alert_ids = openIds(stand.emulator.state.alerts, 1);
  void call(server, 2, 'mdca_close_alert_benign', { alert_ids }).catch(() => {});
  await expect.poll(() => stand.asked.length).toBe(1);
  const began = performance.now();
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(stand.sent).toEqual([]);
}, 30_000);
