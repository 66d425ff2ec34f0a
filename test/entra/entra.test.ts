import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { metaOf } from '../mcp/modern_wire.ts';
import { callOf, messagesOf } from '../process.ts';
import { openIds } from '../samples.ts';
import { answerTo, call, NO_SECRET, PATIENT, useServers } from './servers.ts';
import { CLIENT_ID, RESOURCE, SECRET, TENANT_ID } from './stand_ins.ts';

const { stand, servers } = await useServers();

test('eight calls at once on a fresh start sign in once, and a start asks for no token', async () => {
  const server = await servers.serve();
  await expect.poll(() => server.stderr()).toContain('serving');
  // What calls need is loaded a quarter of a second after the first answer.
  await delay(1_500);
  expect(stand.asked).toEqual([]);
  for (let id = 10; id < 18; id++) server.send(callOf(id, 'mdca_get_open_alerts', { limit: id - 9 }));
  for (let id = 10; id < 18; id++) expect(await answerTo(server, id)).toMatch(/alert/i);
  expect(stand.issued).toHaveLength(1);
  const { path, form } = stand.asked[0] ?? {};
  expect(path).toBe(`/${TENANT_ID}/oauth2/v2.0/token`);
  expect(Object.fromEntries(form ?? [])).toMatchObject({
    grant_type: 'client_credentials',
    client_id: CLIENT_ID,
    client_secret: SECRET,
    scope: '05a65629-4c1b-48c1-a78b-804c4abdd4af/.default',
  });
  servers.expectNoCanary(server);
}, 20_000);

test('a refused token is renewed once, and what was refused is sent once more; a write is carried out once', async () => {
  const server = await servers.serve();
  expect(await call(server, 2, 'mdca_get_open_alerts')).toMatch(/alert/i);
  stand.revoke();
  expect(await call(server, 3, 'mdca_get_open_alerts')).toMatch(/alert/i);
  expect(stand.sent.map(({ status }) => status)).toEqual([200, 401, 200]);
  expect(stand.issued).toHaveLength(2);
  // Refused between the plan and the write.
  const [alert_id] = openIds(stand.emulator.state.alerts, 1);
  let isFirst = true;
  stand.before = (path) => {
    if (isFirst && path.includes('close_benign')) {
      isFirst = false;
      stand.revoke();
    }
    return undefined;
  };
  expect(await call(server, 4, 'mdca_close_alert_benign', { alert_ids: [alert_id] })).toContain('closed 1');
  const closes = stand.sent.filter(({ path }) => path.includes('close_benign'));
  expect(closes.map(({ status }) => status)).toEqual([401, 200]);
  expect(stand.issued).toHaveLength(3);
  // A service that takes no token at all is asked once more, and no more.
  stand.before = stand.revoke;
  const count = stand.sent.length;
  expect(await call(server, 5, 'mdca_get_open_alerts')).toMatch(/^unauthorized: .*AZURE_TENANT_ID/s);
  expect(stand.sent.slice(count).map(({ status }) => status)).toEqual([401, 401]);
  servers.expectNoCanary(server);
}, 40_000);

test('a write that the service refuses stands in the audit trail with the status of the answer', async () => {
  const file = join(stand.folder, 'refused.jsonl');
  const server = await servers.serve({ MDCA_AUDIT_FILE: file });
  const [alert_id] = openIds(stand.emulator.state.alerts, 1);
  const close = (id: number) => call(server, id, 'mdca_close_alert_benign', { alert_ids: [alert_id] });
  const outcome = () => JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '');
  stand.before = (path) => {
    return path.includes('close_benign') ? stand.revoke() : undefined;
  };
  expect(await close(2)).toMatch(/^unauthorized/);
  expect(outcome()).toMatchObject({ event: 'outcome', code: 'unauthorized', http_status: [401] });
  stand.before = (path) => {
    if (path.includes('close_benign')) stand.emulator.fault({ kind: 'status', status: 403 });
    return undefined;
  };
  expect(await close(3)).toMatch(/^forbidden/);
  expect(outcome()).toMatchObject({ event: 'outcome', code: 'forbidden', http_status: [403] });
  servers.expectNoCanary(server);
}, 30_000);

const refusal = (number: number) => ({
  status: 401,
  body: {
    error: 'invalid_client',
    error_description: `AADSTS${number}: Invalid client secret provided: ${SECRET}. Trace ID: canary`,
    error_codes: [number],
  },
});

test('a secret that is wrong or has expired, and an authority that is away, are named; nothing is sent', async () => {
  const server = await servers.serve();
  stand.answer = () => refusal(7000215);
  expect(await call(server, 2, 'mdca_get_open_alerts')).toMatch(/^sign_in_failed: .*AADSTS7000215.* is wrong/s);
  stand.answer = () => refusal(7000222);
  expect(await call(server, 3, 'mdca_get_open_alerts')).toMatch(/^sign_in_failed: .*AADSTS7000222.* has expired/s);
  stand.answer = () => refusal(99991);
  expect(await call(server, 4, 'mdca_get_open_alerts')).toContain('error?code=99991');
  stand.answer = () => ({ status: 503, body: '<html>canary</html>' });
  expect(await call(server, 5, 'mdca_get_open_alerts')).toContain('answered HTTP 503');
  stand.answer = () => ({ status: 200, body: '<html>canary</html>' });
  expect(await call(server, 6, 'mdca_get_open_alerts')).toContain('a body that is not its JSON');
  expect(stand.sent).toEqual([]);
  expect(stand.asked).toHaveLength(5);
  expect(server.stdout()).not.toContain('canary');
  servers.expectNoCanary(server);
  const away = await servers.check({ AZURE_AUTHORITY_HOST: 'https://127.0.0.1:9' });
  expect(away).toMatchObject({
    code: 1,
    out: expect.stringMatching(/authority 127.0.0.1:9 cannot be reached \(ECONN/),
  });
  const untrusted = await servers.check({ NODE_EXTRA_CA_CERTS: undefined });
  expect(untrusted.out).toMatch(/certificate was not accepted \(\w+\).*NODE_EXTRA_CA_CERTS/s);
  expect(stand.sent).toEqual([]);
}, 60_000);

test('a permission that is missing for sure is named before anything leaves; check says what is missing', async () => {
  stand.answer = () => ({ claims: { roles: ['Investigation.read'] } });
  const server = await servers.serve({ MDCA_WRITES: 'confirm' });
  const alert_ids = openIds(stand.emulator.state.alerts, 1);
  const refused = await call(server, 2, 'mdca_close_alert_benign', { alert_ids });
  expect(refused).toMatch(/^role_missing: .*Investigation.manage or Discovery.manage; it has Investigation.read/s);
  expect(stand.sent).toEqual([]);
  expect(await call(server, 3, 'mdca_get_open_alerts')).toMatch(/alert/i);
  expect(await call(server, 4, 'mdca_list_policies')).not.toMatch(/^role_missing/);
  const { code, out } = await servers.check();
  expect(code).toBe(0);
  expect(out).toContain(`by a client secret: application SOC server (${CLIENT_ID}), directory ${TENANT_ID}`);
  expect(out).toContain('Permissions: Investigation.read.');
  expect(out).toMatch(/Missing: Investigation.manage or Discovery.manage, for mdca_close_alert_benign, /);
  expect(out).toMatch(/No documented permission covers .*mdca_get_policy.*mdca_tag_app_sanctioned/s);
  stand.answer = () => ({ claims: { roles: [] } });
  const none = await servers.check();
  expect(none).toMatchObject({
    code: 1,
    out: expect.stringMatching(/role_missing: .*it has none.*Permissions: none/s),
  });
}, 60_000);

describe('the server proves who it is by', () => {
  test('a certificate, in one file with its key', async () => {
    const file = join(stand.folder, 'app.pem');
    writeFileSync(file, `${stand.key}\n${stand.cert}`);
    expect(await servers.check({ ...NO_SECRET, AZURE_CLIENT_CERTIFICATE_PATH: file })).toMatchObject({ code: 0 });
    const [header = ''] = stand.asked[0]?.form.get('client_assertion')?.split('.') ?? [];
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
      alg: 'PS256',
      'x5t#S256': /^.{43}$/,
    });
  }, 20_000);

  test('the token of a workload identity, which is read anew', async () => {
    const file = join(stand.folder, 'federated');
    writeFileSync(file, 'first.federated.token\n');
    const server = await servers.serve({ ...NO_SECRET, AZURE_FEDERATED_TOKEN_FILE: file });
    await call(server, 2, 'mdca_get_open_alerts');
    writeFileSync(file, 'second.federated.token\n');
    stand.revoke();
    await call(server, 3, 'mdca_get_open_alerts');
    const assertions = stand.asked.map(({ form }) => form.get('client_assertion'));
    expect(assertions).toEqual(['first.federated.token', 'second.federated.token']);
  }, 30_000);

  test('the managed identity of the platform', async () => {
    const asked: (string | undefined)[] = [];
    const endpoint = createServer((request, response) => {
      asked.push(request.url, String(request.headers['x-identity-header']));
      const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
      response.end(JSON.stringify({ access_token: 'opaque', expires_on, resource: RESOURCE, token_type: 'Bearer' }));
    });
    await new Promise<void>((resolve) => void endpoint.listen(0, '127.0.0.1', resolve));
    const address = endpoint.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const environment = { IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/token`, IDENTITY_HEADER: 'header' };
    const { out } = await servers.check({ ...NO_SECRET, AZURE_TENANT_ID: undefined, ...environment });
    endpoint.close();
    expect(asked[0]).toContain(`resource=${RESOURCE}`);
    expect(asked[0]).toContain(`client_id=${CLIENT_ID}`);
    expect(asked[1]).toBe('header');
    // The stand-in of the service knows no such token.
    expect(out).toMatch(/^FAILED.*unauthorized/s);
  }, 20_000);

  test('a person, who is shown a code on stderr and is asked to open an address', async () => {
    let confirmed = false;
    stand.answer = (form) => {
      if (form.get('grant_type') === null) {
        const address = { verification_uri: 'https://microsoft.com/devicelogin', expires_in: 900, interval: 1 };
        return { body: { user_code: 'ABCD-EFGH', device_code: 'CanarySignatureDevice', ...address } };
      }
      return confirmed ? { claims: { scp: 'Investigation.read' } } : { status: 400, body: PENDING };
    };
    const server = await servers.serve({ ...NO_SECRET, MDCA_AUTH: 'device' }, { elicitation: { url: {} } });
    server.send(callOf(2, 'mdca_get_open_alerts'));
    const question = () => messagesOf(server).find((message) => 'method' in message);
    await expect.poll(question, PATIENT).toMatchObject({
      method: 'elicitation/create',
      params: { mode: 'url', url: 'https://microsoft.com/devicelogin', message: expect.stringContaining('ABCD-EFGH') },
    });
    expect(server.stderr()).toMatch(/open https:\/\/microsoft.com\/devicelogin and enter the code ABCD-EFGH/);
    expect(stand.sent).toEqual([]);
    server.send({ jsonrpc: '2.0', id: question()?.id, result: { action: 'accept' } });
    confirmed = true;
    expect(await answerTo(server, 2)).toMatch(/alert/i);
    const refused = await call(server, 3, 'mdca_close_alert_benign', {
      alert_ids: openIds(stand.emulator.state.alerts, 1),
    });
    expect(refused).toMatch(/^role_missing/);
    servers.expectNoCanary(server);
  }, 30_000);

  test.each(['accept', 'decline'])(
    'a person of revision 2026-07-28, by the answer to a call: %s',
    async (action) => {
      stand.answer = (form) => {
        if (form.get('grant_type') !== null) return { status: 400, body: PENDING };
        const address = { verification_uri: 'https://microsoft.com/devicelogin', expires_in: 900, interval: 1 };
        return { body: { user_code: 'ABCD-EFGH', device_code: 'CanarySignatureDevice', ...address } };
      };
      const server = servers.begin([], { ...NO_SECRET, MDCA_AUTH: 'device' });
      const ask = (id: number, more = {}) => {
        const { params, ...message } = callOf(id, 'mdca_get_open_alerts');
        server.send({ ...message, params: { ...params, ...more, _meta: metaOf({ elicitation: { url: {} } }) } });
      };
      const resultOf = (id: number) => messagesOf(server).find((message) => message.id === id)?.result;
      ask(1);
      await expect
        .poll(() => resultOf(1), PATIENT)
        .toMatchObject({
          resultType: 'input_required',
          inputRequests: {
            address: {
              method: 'elicitation/create',
              params: { mode: 'url', url: 'https://microsoft.com/devicelogin' },
            },
          },
        });
      ask(2, { inputResponses: { address: { action } } });
      // It waits for the person, who has opened the address, or fails at once.
      if (action === 'accept') stand.answer = () => ({ claims: { scp: 'Investigation.read' } });
      await expect
        .poll(() => resultOf(2), PATIENT)
        .toMatchObject(action === 'accept' ? { structuredContent: { returned: 20 } } : { isError: true });
      expect(server.stderr()).toMatch(/enter the code ABCD-EFGH/);
      servers.expectNoCanary(server);
    },
    30_000,
  );
});

const PENDING = { error: 'authorization_pending', error_description: 'AADSTS70016: pending' };
