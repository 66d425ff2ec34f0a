import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { VERSION } from '../../src/core/version.ts';
import { textOf } from '../fixture.ts';
import { ROOT } from '../process.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

const SECRET = 'PLANTED-SECRET-7f3a';
const EMPTY_LIST = JSON.stringify({ data: [], total: 0, hasNext: false });

/** What stands at the address of the service; each test sets it. */
let answer: Answer;
const asked: IncomingMessage[] = [];
const server = createServer((request, response) => {
  request.resume();
  asked.push(request);
  answer(request, response);
});
const client = new Client({ name: 'test', version: '1.0.0' });

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const env = {
    MDCA_API_URL: `http://127.0.0.1:${port}`,
    MDCA_API_TOKEN: 'token',
    MDCA_CALLS_PER_MINUTE: '1000000',
    MDCA_WRITES: 'allow',
    MDCA_LOG_LEVEL: 'error',
  };
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: ['dist/main.js'], cwd: ROOT, env, stderr: 'ignore' }),
  );
});
afterAll(async () => {
  await client.close();
  server.close();
  server.closeAllConnections();
});
beforeEach(() => void asked.splice(0));

/** Calls a tool by its name without `mdca_`. */
async function call(tool: string, args: object = {}): Promise<{ text: string; isError: boolean }> {
  const result = (await client.callTool({ name: `mdca_${tool}`, arguments: { ...args } })) as CallToolResult;
  return { text: textOf(result), isError: result.isError === true };
}

const replies =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    response.writeHead(status, headers).end(body);

const POLICY = { policy_id: '65f000000000000000000001' };
const PAGE = `<!DOCTYPE html><html><body>${SECRET} blocked</body></html>`;
const BETWEEN = /^[a-z_]+: Something between this server and the service /;

test('every request names product and version, and asks for an answer that is not encoded', async () => {
  answer = replies(200, EMPTY_LIST);
  await call('get_open_alerts');
  await call('get_policy', POLICY);
  expect(asked.length).toBeGreaterThanOrEqual(2);
  for (const { headers } of asked) {
    expect(headers['user-agent']).toBe(`defender-cloud-apps-mcp/${VERSION}`);
    expect(headers['accept-encoding']).toBe('identity');
  }
});

describe('an error whose body is no JSON', () => {
  const BODIES = [PAGE, `${SECRET}: access denied`, `{"detail": "${SECRET}`, '\0\u0001', '\ufeff<html></html>'];

  describe.each([400, 401, 403, 404, 405, 407, 409, 418, 451, 499])('with HTTP %i', (status) => {
    test.each(BODIES)('was said by something between (%j)', async (body) => {
      answer = replies(status, body);
      const { text } = await call('get_open_alerts');
      expect(text).toMatch(BETWEEN);
      expect(text).toContain(`HTTP ${status}`);
      expect(text).not.toMatch(/issued by|new token|lacks|no such item|unsanction|MDCA_ROUTE|<|PLANTED/);
      expect(text).toMatch(/^Retry: the same call will fail again/m);
    });
  });

  test.each([500, 501, 502, 503, 504, 511])('with HTTP %i too, and can pass', async (status) => {
    answer = replies(status, PAGE);
    const { text } = await call('get_open_alerts');
    expect(text).toMatch(BETWEEN);
    expect(text).toContain(`HTTP ${status}`);
    expect(text).toMatch(/^Retry: may help/m);
    expect(text).not.toContain(SECRET);
  });

  test.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [400, 'rejected'],
    [500, 'service_error'],
  ])('is not meant where HTTP %i comes with JSON, or with nothing', async (status, code) => {
    for (const body of ['{"detail":"x"}', ' [{"error":true}]\n', '', ' \n']) {
      answer = replies(status, body);
      const { text } = await call('get_open_alerts');
      expect(text).toMatch(new RegExp(`^${code}: The service answered HTTP ${status}\\.`));
    }
  });
});

test.each([PAGE, `\ufeff \n${PAGE}`, `<?xml version="1.0"?><a>${SECRET}</a>`])(
  'a page in place of an answer was said by something between (%j)',
  async (body) => {
    answer = replies(200, body, { 'content-type': 'text/html' });
    const { text } = await call('get_open_alerts');
    expect(text).toMatch(/^unreadable: Something between this server and the service /);
    expect(text).not.toContain(SECRET);
  },
);

/** Answers what comes to one route in one way, and what comes to others in another. */
const onRoute =
  (route: RegExp, there: Answer, elsewhere: Answer): Answer =>
  (request, response) =>
    (route.test(request.url ?? '') ? there : elsewhere)(request, response);

const ALERT = '65f000000000000000000002';
const stateOf = (resolutionStatusValue: number) =>
  replies(200, JSON.stringify({ data: [{ _id: ALERT, title: 'a', resolutionStatusValue }], total: 1, hasNext: false }));
const writes = () => asked.filter(({ url }) => /close_|add_tag|disable/.test(url ?? ''));

describe('a close', () => {
  const close = () => call('close_alert_benign', { alert_ids: [ALERT] });

  test.each([
    [403, PAGE, {}],
    [404, PAGE, {}],
    [500, PAGE, {}],
    [200, PAGE, {}],
    [200, 'not gzip', { 'content-encoding': 'gzip' }],
    [200, 'x', { 'content-encoding': 'zstd' }],
    [200, gzipSync(Buffer.alloc(17 * 1024 * 1024)), { 'content-encoding': 'gzip' }],
  ])(
    'that something answered with HTTP %i may have been carried out, so it is read back',
    async (status, body, how) => {
      let state = 0;
      const closed: Answer = (...exchange) => {
        state = 4;
        return replies(status, body, how)(...exchange);
      };
      answer = onRoute(/close_/, closed, (...exchange) => stateOf(state)(...exchange));
      const { text, isError } = await close();
      expect(isError, text).toBe(false);
      expect(text).toMatch(/^closed: closed 1 of 1 alerts/m);
      expect(writes()).toHaveLength(1);
    },
  );

  test('that a firewall stopped is told as such, and as not done', async () => {
    answer = onRoute(/close_/, replies(403, PAGE), stateOf(0));
    const { text } = await close();
    expect(text).toMatch(/^intercepted: Something between.*reading afterwards shows no change/);
    expect(writes()).toHaveLength(1);
  });
});

describe('a remedy belongs to the operation', () => {
  const TAGS = JSON.stringify({ data: [] });
  const refusing = (status: number) => replies(status, '{"detail":"x"}');

  test.each([
    ['get_open_alerts', {}],
    ['get_activities', { user_id: '9e6f4bda-0000-4000-8000-000000000000' }],
    ['get_policy', POLICY],
    ['wait_for_alerts', {}],
    ['close_alert_benign', { alert_ids: [ALERT] }],
    ['tag_app_sanctioned', { app_id: 11627 }],
    ['tag_app_unsanctioned', { app_id: 11627 }],
  ])('where %s is rejected while it reads, nothing is said of protected apps', async (tool, args) => {
    answer = refusing(400);
    const { text } = await call(tool, args);
    expect(text).toMatch(/^rejected: /);
    expect(text).not.toMatch(/protected|unsanctioned/);
  });

  test('where an app cannot be unsanctioned, it may be protected', async () => {
    answer = onRoute(/add_tag/, refusing(400), replies(200, TAGS));
    expect((await call('tag_app_unsanctioned', { app_id: 11627 })).text).toContain('protected app cannot be');
    expect((await call('tag_app_sanctioned', { app_id: 11627 })).text).not.toContain('protected');
  });

  test('a variable for a route is named where the route has one, and nowhere else', async () => {
    for (const status of [404, 405]) {
      answer = refusing(status);
      expect((await call('get_policy', POLICY)).text).toMatch(/^To do: .*MDCA_ROUTE_GET_POLICY/m);
      expect((await call('get_open_alerts')).text).not.toMatch(/MDCA_ROUTE|undocumented/);
    }
    answer = replies(404, PAGE);
    const { text } = await call('get_policy', POLICY);
    expect(text).toMatch(/^intercepted: Something between/);
    expect(text).toContain('MDCA_ROUTE_GET_POLICY');
  });

  test('limit is named where a tool has one, and nowhere else', async () => {
    answer = replies(200, gzipSync(Buffer.alloc(17 * 1024 * 1024)), { 'content-encoding': 'gzip' });
    expect((await call('get_open_alerts')).text).toMatch(/^To do: .*with limit/m);
    const { text } = await call('get_policy', POLICY);
    expect(text).toMatch(/^too_large: /);
    expect(text).not.toContain('limit');
  });

  test('where the tag of an app cannot be read because a gateway does not know the route, it may still be set', async () => {
    answer = onRoute(/add_tag/, replies(200, ''), replies(404, PAGE));
    const { text } = await call('tag_app_sanctioned', { app_id: 11627 });
    expect(text).toContain('status: unverified');
    expect(writes()).toHaveLength(1);
  });

  test('where a write was read back, the answer says what failed and what may help', async () => {
    const policy = replies(200, JSON.stringify({ _id: POLICY.policy_id, name: 'p', enabled: true }));
    const reads = onRoute(/alerts/, replies(200, EMPTY_LIST), policy);
    answer = onRoute(/disable/, replies(404, PAGE), reads);
    const { text } = await call('disable_policy', POLICY);
    expect(text).toMatch(/^intercepted: Something between.*reading afterwards shows no change/);
    expect(text).toMatch(/To do: Ask whoever runs the network.*MDCA_ROUTE_DISABLE_POLICY/);
  });
});

describe('an answer that came compressed, which was not asked for,', () => {
  const LIST = JSON.stringify({ data: [{ _id: ALERT, title: 'Größe', resolutionStatusValue: 0 }], total: 1 });

  test.each([
    ['gzip', gzipSync(LIST)],
    ['x-gzip', gzipSync(LIST)],
    ['GZIP', gzipSync(LIST)],
    ['deflate', deflateSync(LIST)],
    ['deflate', deflateRawSync(LIST)],
    ['br', brotliCompressSync(LIST)],
    ['gzip, deflate', deflateSync(gzipSync(LIST))],
    ['identity', Buffer.from(LIST)],
  ])('by %s is read', async (coding, body) => {
    answer = replies(200, body, { 'content-encoding': coding });
    expect((await call('get_open_alerts')).text).toContain('Größe');
  });

  test('and says so in two lines is read', async () => {
    answer = (_request, response) =>
      response.setHeader('content-encoding', ['gzip', 'deflate']).end(deflateSync(gzipSync(LIST)));
    expect((await call('get_open_alerts')).text).toContain('Größe');
  });

  test.each([
    ['gzip', gzipSync(LIST).subarray(0, 40), 'unreadable'],
    ['gzip', Buffer.from(LIST), 'unreadable'],
    ['zstd', Buffer.from(LIST), 'unreadable'],
    ['gzip', gzipSync(Buffer.alloc(16 * 1024 * 1024 + 1)), 'too_large'],
  ])('and cannot be read, tells why (%s)', async (coding, body, code) => {
    answer = replies(200, body, { 'content-encoding': coding });
    const { text } = await call('get_open_alerts');
    expect(text).toMatch(new RegExp(`^${code}: The answer `));
    expect(text).toMatch(/compress/);
    expect(text).not.toContain('zstd');
  });

  test('with an error is that error', async () => {
    answer = replies(403, gzipSync('{"detail":"x"}'), { 'content-encoding': 'gzip' });
    expect((await call('get_open_alerts')).text).toMatch(/^forbidden: /);
    answer = replies(403, gzipSync(PAGE), { 'content-encoding': 'gzip' });
    expect((await call('get_open_alerts')).text).toMatch(BETWEEN);
    answer = replies(429, 'x', { 'content-encoding': 'zstd', 'retry-after': '90' });
    expect((await call('get_open_alerts')).text).toMatch(/^throttled: /);
  });
});
