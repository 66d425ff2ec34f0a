import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterEach, expect, test } from 'vitest';
import { call, NO_SECRET, useServers } from './servers.ts';
import { CLIENT_ID, RESOURCE, SECRET } from './stand_ins.ts';

const { stand, servers } = await useServers();
const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  closers.push(() => server.closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A proxy that nobody is to ask. */
async function unasked() {
  const asked: string[] = [];
  const proxy = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(500).end();
  });
  proxy.on('connect', ({ url = '' }, socket) => {
    asked.push(url);
    socket.destroy();
  });
  const url = await listen(proxy);
  return { asked, environment: { HTTPS_PROXY: url, HTTP_PROXY: url, ALL_PROXY: url } };
}

/** The platform's endpoint of a managed identity, whose tokens are good for an hour. */
async function managed() {
  const asked: string[] = [];
  const endpoint = createServer((request, response) => {
    asked.push(request.url ?? '');
    const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
    const access_token = stand.issue({ roles: ['Investigation.manage'] });
    response.end(JSON.stringify({ access_token, expires_on, resource: RESOURCE, token_type: 'Bearer' }));
  });
  const IDENTITY_ENDPOINT = `${await listen(endpoint)}/token`;
  const environment = { ...NO_SECRET, AZURE_TENANT_ID: undefined, IDENTITY_ENDPOINT, IDENTITY_HEADER: 'header' };
  return { asked, environment };
}

test('a managed identity is asked without a proxy, and anew where the service refuses its token', async () => {
  const [{ asked, environment }, proxy] = [await managed(), await unasked()];
  const server = await servers.serve({ ...environment, ...proxy.environment });
  expect(await call(server, 2, 'mdca_get_open_alerts')).toMatch(/alert/i);
  stand.revoke();
  expect(await call(server, 3, 'mdca_get_open_alerts')).toMatch(/alert/i);
  expect(stand.sent.map(({ status }) => status)).toEqual([200, 401, 200]);
  expect(asked).toHaveLength(2);
  expect(asked[0]).toContain(`client_id=${CLIENT_ID}`);
  const own = await servers.check({ ...environment, AZURE_CLIENT_ID: undefined });
  expect(own).toMatchObject({ code: 0, out: expect.stringContaining('Signed in as a managed identity') });
  expect(asked.at(-1)).not.toContain('client_id');
  expect(proxy.asked).toEqual([]);
  servers.expectNoCanary(server);
}, 40_000);

test('an authority at loopback is asked without a proxy', async () => {
  const proxy = await unasked();
  expect(await servers.check(proxy.environment)).toMatchObject({ code: 0 });
  expect(proxy.asked).toEqual([]);
  expect(stand.asked).toHaveLength(1);
}, 20_000);

test('a certificate is read anew, with those of its issuers, and only with the key that is its own', async () => {
  const other = await generate([{ name: 'commonName', value: 'other' }], { keySize: 2048 });
  const file = join(stand.folder, 'app.pem');
  const name = { ...NO_SECRET, AZURE_CLIENT_CERTIFICATE_PATH: file };
  const say = /^sign_in_failed: AZURE_CLIENT_CERTIFICATE_PATH /;
  writeFileSync(file, `${stand.cert}\n${other.private}`);
  const server = await servers.serve(name);
  let id = 2;
  const open = () => call(server, id++, 'mdca_get_open_alerts');
  expect(await open()).toMatch(new RegExp(`${say.source}names a certificate and a key that do not belong together`));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const elliptic = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const wrong = { begin: '-----BEGIN PRIVATE KEY-----', end: '-----END PRIVATE KEY-----' };
  for (const [text, why] of [
    ['', 'must name a PEM file with both'],
    [stand.cert, 'must name a PEM file with both'],
    [stand.key, 'must name a PEM file with both'],
    [`${stand.cert}\n${wrong.begin}\nCanarySignature\n${wrong.end}`, 'do not belong together'],
    [`${stand.cert}\n${stand.key.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE')}`, 'names a key with a passphrase'],
    [`${stand.cert}\n${elliptic}`, 'names a key that is not RSA'],
    [`${stand.cert}\n${stand.key}`.padEnd(70_000), 'names a file of more than 64 KiB'],
  ] as const) {
    writeFileSync(file, text);
    expect(await open()).toMatch(new RegExp(`${say.source}.*${why}`));
  }
  expect(stand.asked).toEqual([]);
  // With a byte order mark, with the ends of lines of Windows, and with the issuer behind it.
  writeFileSync(file, `\ufeff${stand.key}\n${stand.cert}\n${other.cert}`.replace(/\r?\n/g, '\r\n'));
  expect(await open()).toMatch(/alert/i);
  const [header = ''] = stand.asked[0]?.form.get('client_assertion')?.split('.') ?? [];
  expect(JSON.parse(Buffer.from(header, 'base64url').toString()).x5c).toHaveLength(2);
  servers.expectNoCanary(server);
  const gone = await servers.check({ ...name, AZURE_CLIENT_CERTIFICATE_PATH: `${file}.CanarySignature` });
  expect(gone.out).toContain('AZURE_CLIENT_CERTIFICATE_PATH names a file that cannot be read');
}, 60_000);

test('a secret and an assertion are taken from a file whatever its ends of lines, marks and blanks', async () => {
  const file = join(stand.folder, 'secret');
  for (const text of [`\ufeff${SECRET}\r\n`, `  ${SECRET}\n\n`, Buffer.from(`\ufeff${SECRET}\r\n`, 'utf16le')]) {
    writeFileSync(file, text);
    for (const [name, field] of [
      ['AZURE_CLIENT_SECRET_FILE', 'client_secret'],
      ['AZURE_FEDERATED_TOKEN_FILE', 'client_assertion'],
    ] as const) {
      expect(await servers.check({ ...NO_SECRET, [name]: file })).toMatchObject({ code: 0 });
      expect(stand.asked.at(-1)?.form.get(field)).toBe(SECRET);
    }
  }
  for (const text of ['', ' \r\n', `${SECRET}\n${SECRET}\n`, `${SECRET}\u0000`, `a ${SECRET}`]) {
    writeFileSync(file, text);
    const { code, out, err } = await servers.check({ ...NO_SECRET, AZURE_CLIENT_SECRET_FILE: file });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('AZURE_CLIENT_SECRET_FILE does not hold a client secret alone');
    const federated = await servers.check({ ...NO_SECRET, AZURE_FEDERATED_TOKEN_FILE: file });
    expect(federated).toMatchObject({ code: 1, out: expect.stringContaining('AZURE_FEDERATED_TOKEN_FILE does not') });
  }
}, 120_000);
