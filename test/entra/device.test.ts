import { expect, test } from 'vitest';
import { callOf, messagesOf, type Running } from '../process.ts';
import { answerTo, call, NO_SECRET, PATIENT, useServers } from './servers.ts';
import { CLIENT_ID, RESOURCE, TENANT_ID } from './stand_ins.ts';

const { stand, servers } = await useServers();

const DEVICE = { ...NO_SECRET, MDCA_AUTH: 'device' };
const URL_ASKS = { elicitation: { url: {} } };
const CODE = {
  user_code: 'ABCD-EFGH',
  device_code: 'CanarySignatureDevice',
  verification_uri: 'https://microsoft.com/devicelogin',
  expires_in: 900,
  interval: 1,
};
const PENDING = { status: 400, body: { error: 'authorization_pending', error_description: 'AADSTS70016: pending' } };
const REFRESH = 'CanarySignatureRefresh0123456789';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What Entra answers where a person has signed in. */
function signedIn() {
  const own = { aud: CLIENT_ID, tid: TENANT_ID, oid: 'person', sub: 'person', preferred_username: 'a@b.example' };
  return {
    body: {
      token_type: 'Bearer',
      expires_in: 3600,
      // What was asked for, so that MSAL finds the token that it keeps.
      scope: `${RESOURCE}/.default`,
      access_token: stand.issue({ scp: 'Investigation.manage', upn: 'a@b.example' }),
      refresh_token: REFRESH,
      id_token: `${part({ alg: 'none' })}.${part(own)}.CanarySignatureId`,
      client_info: part({ uid: 'person', utid: TENANT_ID }),
    },
  };
}

const isCodeRequest = (form: URLSearchParams) => form.get('grant_type') === null;
const polls = () => stand.asked.filter(({ form }) => !isCodeRequest(form));
const questions = (server: Running) => messagesOf(server).filter((message) => 'method' in message && 'id' in message);

/** The authority gives out codes; `isConfirmed` says whether the person has entered one. */
function giveCodes(isConfirmed: () => boolean): void {
  stand.answer = (form) => (isCodeRequest(form) ? { body: CODE } : isConfirmed() ? signedIn() : PENDING);
}

test('several calls show one code; who gives up does so alone; the tokens are renewed without the person', async () => {
  let confirmed = false;
  giveCodes(() => confirmed);
  const server = await servers.serve(DEVICE, URL_ASKS);
  for (let id = 10; id < 16; id++) server.send(callOf(id, 'mdca_get_open_alerts', { limit: id }));
  await expect.poll(() => questions(server).length, PATIENT).toBe(1);
  server.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 10 } });
  await expect.poll(() => polls().length, PATIENT).toBeGreaterThan(1);
  confirmed = true;
  for (let id = 11; id < 16; id++) expect(await answerTo(server, id)).toMatch(/alert/i);
  expect(messagesOf(server).filter(({ id, result }) => id === 10 && result)).toEqual([]);
  expect(stand.sent.length).toBeGreaterThan(0);
  // The person is away.
  confirmed = false;
  stand.answer = (form) => (form.get('grant_type') === 'refresh_token' ? signedIn() : { body: CODE });
  stand.revoke();
  expect(await call(server, 20, 'mdca_get_open_alerts')).toMatch(/alert/i);
  expect(stand.asked.at(-1)?.form.get('refresh_token')).toBe(REFRESH);
  expect(stand.issued).toHaveLength(2);
  expect(questions(server)).toHaveLength(1);
  expect(server.stderr().match(/enter the code/g)).toHaveLength(1);
  servers.expectNoCanary(server);
  expect(server.stdout() + server.stderr()).not.toMatch(/CanarySignature|Y2FuYXJ5U2lnbmF0dXJl/i);
}, 40_000);

test('a person whose sign-in has ended is asked anew', async () => {
  giveCodes(() => true);
  const server = await servers.serve(DEVICE);
  expect(await call(server, 2, 'mdca_get_open_alerts')).toMatch(/alert/i);
  stand.answer = (form) => {
    if (form.get('grant_type') !== 'refresh_token') return isCodeRequest(form) ? { body: CODE } : signedIn();
    return { status: 400, body: { error: 'invalid_grant', error_description: 'AADSTS70043: too old' } };
  };
  stand.revoke();
  expect(await call(server, 3, 'mdca_get_open_alerts')).toMatch(/alert/i);
  expect(server.stderr().match(/enter the code/g)).toHaveLength(2);
}, 40_000);

const UNUSABLE = [
  ['a code with characters of a terminal', { user_code: '\u001b[2JABCD' }],
  ['a code that is a sentence', { user_code: 'call 0800 evil' }],
  ['a code that is none', { user_code: '' }],
  ['a code that is no text', { user_code: { evil: 1 } }],
  ['an address without TLS', { verification_uri: 'http://microsoft.com/devicelogin' }],
  ['an address that is a script', { verification_uri: 'javascript:alert(1)' }],
  ['an address of a program', { verification_uri: 'vscode://evil' }],
  ['an address with a user', { verification_uri: 'https://microsoft.com@evil.example/' }],
  ['an address with a blank', { verification_uri: 'https://microsoft.com/ evil' }],
  ['an address that is none', { verification_uri: undefined }],
  ['a code for ever', { expires_in: undefined }],
  ['a code that has ended', { expires_in: 0 }],
  ['a code whose end is a text', { expires_in: '900' }],
  ['no pause between polls', { interval: 0 }],
  ['a pause that is not told', { interval: undefined }],
] as const;

test('a code and an address that are not to be shown are shown to nobody, and nobody waits for them', async () => {
  const server = await servers.serve(DEVICE, URL_ASKS);
  let id = 2;
  for (const [what, more] of UNUSABLE) {
    stand.answer = (form) => (isCodeRequest(form) ? { body: { ...CODE, ...more } } : PENDING);
    const refused = await call(server, id++, 'mdca_get_open_alerts');
    expect(refused, what).toMatch(/^sign_in_failed: Entra answered without a code/);
    expect(refused + server.stderr(), what).not.toMatch(/evil|ABCD/);
  }
  expect(questions(server)).toEqual([]);
  expect(polls()).toEqual([]);
}, 30_000);

test.each([
  ['authorization_declined', 'AADSTS70018: no', /authorization_declined|AADSTS70018/],
  ['expired_token', 'AADSTS70020: too late', /AADSTS70020.*was not entered in time/s],
  ['access_denied', 'AADSTS53003: blocked', /AADSTS53003.*conditional access/s],
  ['invalid_client', 'AADSTS7000218: secret needed', /AADSTS7000218.*public client flows/s],
  ['bad_verification_code', 'no number here', /^sign_in_failed: Entra refused the sign-in/],
])(
  'a sign-in that ends with %s says so, and the next call shows a new code',
  async (error, text, why) => {
    stand.answer = (form) =>
      isCodeRequest(form) ? { body: CODE } : { status: 400, body: { error, error_description: text } };
    const server = await servers.serve(DEVICE);
    expect(await call(server, 2, 'mdca_get_open_alerts')).toMatch(why);
    giveCodes(() => true);
    expect(await call(server, 3, 'mdca_get_open_alerts')).toMatch(/alert/i);
    expect(server.stderr().match(/enter the code/g)).toHaveLength(2);
  },
  30_000,
);

test('a person who declines is named, and asked anew by the next call', async () => {
  giveCodes(() => false);
  const server = await servers.serve(DEVICE, URL_ASKS);
  server.send(callOf(2, 'mdca_get_open_alerts'));
  await expect.poll(() => questions(server).length, PATIENT).toBe(1);
  server.send({ jsonrpc: '2.0', id: questions(server)[0]?.id, result: { action: 'decline' } });
  expect(await answerTo(server, 2)).toMatch(/^sign_in_failed: The person has declined to sign in/);
  giveCodes(() => true);
  expect(await call(server, 3, 'mdca_get_open_alerts')).toMatch(/alert/i);
  expect(questions(server)).toHaveLength(2);
}, 30_000);

test('the server ends at once while a person is awaited', async () => {
  giveCodes(() => false);
  const server = await servers.serve(DEVICE, URL_ASKS);
  server.send(callOf(2, 'mdca_get_open_alerts'));
  await expect.poll(() => questions(server).length, PATIENT).toBe(1);
  const began = performance.now();
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(stand.sent).toEqual([]);
}, 30_000);

test('check waits for the person as long as the code is good, and ends then', async () => {
  let confirmed = false;
  giveCodes(() => confirmed);
  const server = servers.begin(['check'], { ...DEVICE });
  await expect.poll(() => server.stderr(), PATIENT).toContain('enter the code ABCD-EFGH');
  await expect.poll(() => polls().length, PATIENT).toBeGreaterThan(2);
  expect(server.stdout()).toBe('');
  confirmed = true;
  expect(await server.ended).toBe(0);
  expect(server.stdout()).toMatch(/^OK: .*\nSigned in by a code that a person has confirmed: a@b.example,/s);
  stand.answer = (form) => (isCodeRequest(form) ? { body: { ...CODE, expires_in: 2 } } : PENDING);
  const late = await servers.check(DEVICE);
  expect(late).toMatchObject({ code: 1, out: expect.stringContaining('The code was not entered in time') });
}, 40_000);
