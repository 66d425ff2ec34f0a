import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';

export const RESOURCE = '05a65629-4c1b-48c1-a78b-804c4abdd4af';
export const TENANT_ID = '11111111-2222-4333-8444-555555555555';
export const CLIENT_ID = '66666666-7777-4888-8999-000000000000';
/** An authority of Microsoft for which the stand-in has a certificate too. A proxy may map it to loopback. */
export const AUTHORITY = 'login.microsoftonline.us';
export const SECRET = 'Canary~Secret.0123456789_abcdefghij-XYZ';

/** What the authority answers: a token with these claims, or an error. */
interface Reply {
  readonly status?: number;
  readonly claims?: object;
  readonly expiresIn?: unknown;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Entra over TLS, and the service behind it, which knows the tokens that it has issued. */
export interface StandIns {
  readonly emulator: Emulator;
  /** Of each request to the authority, in order. */
  readonly asked: {
    readonly path: string;
    readonly form: URLSearchParams;
    readonly headers: Record<string, unknown>;
  }[];
  /** Tokens that were issued, in order. */
  readonly issued: string[];
  /** Path and status of each request to the service. */
  readonly sent: { readonly path: string; readonly method: string; readonly status: number; readonly token: string }[];
  /** Decides what the authority answers. */
  answer: (form: URLSearchParams, count: number) => Reply | Promise<Reply>;
  readonly authorityPort: number;
  /** A new token with these claims, which the service takes. */
  issue(claims: object): string;
  /** The service takes no token that was issued before now. */
  revoke(): undefined;
  /** Forgets everything that has happened. */
  reset(): void;
  /** Called before each request to the service. What it returns is answered in place of the service. */
  before: (path: string) => { readonly status: number; readonly body: string } | undefined;
  readonly folder: string;
  readonly cert: string;
  readonly key: string;
  /** For a start that signs in by the client secret. */
  readonly environment: Record<string, string>;
  close(): Promise<void>;
}

const ROLES = ['Investigation.manage'];

export async function createStandIns(): Promise<StandIns> {
  const emulator = await createEmulator({ callsPerMinute: 0 });
  const altNames = [
    { type: 2, value: AUTHORITY },
    { type: 7, ip: '127.0.0.1' },
    { type: 7, ip: '0.0.0.0' },
  ] as const;
  const extensions = [{ name: 'subjectAltName' as const, altNames: [...altNames] }];
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'test' }], { keySize: 2048, extensions });
  const folder = mkdtempSync(join(tmpdir(), 'entra-'));
  writeFileSync(join(folder, 'ca.pem'), cert);
  const good = new Set<string>();
  const authority = createTlsServer({ key, cert }, async (request, response) => {
    const text = await bodyOf(request);
    const url = new URL(request.url ?? '/', 'https://authority');
    const form = new URLSearchParams(text || url.search);
    stand.asked.push({ path: url.pathname, form, headers: request.headers });
    const { status = 200, claims, headers, body, ...more } = await stand.answer(form, stand.asked.length);
    const expiresIn = 'expiresIn' in more ? more.expiresIn : 3600;
    const token = body === undefined ? stand.issue(claims ?? { roles: ROLES }) : '';
    const answer = body ?? { token_type: 'Bearer', expires_in: expiresIn, access_token: token };
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  const service = createServer(async (request, response) => {
    const path = request.url ?? '/';
    const instead = stand.before(path);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const body = await bodyOf(request);
    const method = request.method ?? '';
    const note = (status: number) => stand.sent.push({ path, method, status, token });
    if (instead) {
      note(instead.status);
      response.writeHead(instead.status).end(instead.body);
      return;
    }
    if (!good.has(token)) {
      note(401);
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"detail":"Invalid token"}');
      return;
    }
    const headers = { 'content-type': 'application/json', authorization: `Token ${emulator.token}` };
    const passed = await fetch(emulator.url + path, { method, headers, ...(method === 'POST' && { body }) });
    note(passed.status);
    response.writeHead(passed.status, { 'content-type': 'application/json' }).end(await passed.text());
  });
  const [authorityPort, servicePort] = [await listen(authority), await listen(service)];
  const stand: StandIns = {
    emulator,
    authorityPort,
    asked: [],
    issued: [],
    sent: [],
    answer: () => ({}),
    before: () => undefined,
    issue(claims) {
      const token = tokenOf(claims);
      good.add(token);
      stand.issued.push(token);
      return token;
    },
    revoke: () => {
      good.clear();
      return undefined;
    },
    reset() {
      good.clear();
      for (const list of [stand.asked, stand.issued, stand.sent]) list.length = 0;
      stand.answer = () => ({});
      stand.before = () => undefined;
    },
    folder,
    cert,
    key,
    environment: {
      MDCA_API_URL: `http://127.0.0.1:${servicePort}`,
      MDCA_AUTH: 'entra',
      MDCA_WRITES: 'allow',
      AZURE_TENANT_ID: TENANT_ID,
      AZURE_CLIENT_ID: CLIENT_ID,
      AZURE_CLIENT_SECRET: SECRET,
      AZURE_AUTHORITY_HOST: `https://127.0.0.1:${authorityPort}`,
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
    },
    async close() {
      for (const server of [authority, service]) {
        server.closeAllConnections();
        server.close();
      }
      await emulator.close();
      rmSync(folder, { recursive: true });
    },
  };
  return stand;
}

/** A JWT as Entra makes them, without a signature that anybody checks here. */
function tokenOf(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const own = {
    aud: RESOURCE,
    tid: TENANT_ID,
    appid: CLIENT_ID,
    app_displayname: 'SOC server',
  };
  return [
    part({ typ: 'JWT', alg: 'RS256' }),
    part({ ...own, ...claims }),
    // Tokens share their beginning; what one has alone is told from another's.
    `CanarySignature${randomBytes(24).toString('hex')}`,
  ].join('.');
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
