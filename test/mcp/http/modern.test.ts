import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Identity } from '../../../src/tool/caller.ts';
import { JSON_HEADERS, type OpenDoor, withDoor } from '../../door.ts';
import { callOf } from '../../process.ts';
import { openIds } from '../../samples.ts';
import { ASKS, metaOf, questionOf, REVISION } from '../modern_wire.ts';

type Headers = Record<string, string>;

/** The headers that repeat a request. */
const headersOf = (method: string, name?: string): Headers => ({
  'mcp-protocol-version': REVISION,
  'mcp-method': method,
  ...(name !== undefined && { 'mcp-name': name }),
});
const bodyOf = (method: string, params: object = {}, meta: object = metaOf(ASKS)) => ({
  jsonrpc: '2.0',
  id: 7,
  method,
  params: { ...params, _meta: meta },
});
const LIST = bodyOf('tools/list');
const CALL = bodyOf('tools/call', { name: 'mdca_get_open_alerts', arguments: { limit: 1 } });
const CALL_HEADERS = headersOf('tools/call', 'mdca_get_open_alerts');
const CALL_OF_UNKNOWN = bodyOf(
  'tools/call',
  { name: 'mdca_get_open_alerts' },
  { 'io.modelcontextprotocol/protocolVersion': '2099-01-01' },
);

test('an answer is plain JSON, and needs no session', () =>
  withDoor(async ({ post }) => {
    const response = await post(CALL, { ...CALL_HEADERS, 'mcp-session-id': 'whatever' });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('mcp-session-id')).toBeNull();
    expect(await response.json()).toMatchObject({ id: 7, result: { structuredContent: { returned: 1 } } });
  }));

describe('what is refused', () => {
  const base64 = (text: string) => `=?base64?${Buffer.from(text).toString('base64')}?=`;
  const read = bodyOf('resources/read', { uri: 'mdca://alerts/open' });
  test.each<[string, object, Headers, number, number | undefined]>([
    ['nothing', CALL, CALL_HEADERS, 200, undefined],
    ['no name in Base64', CALL, headersOf('tools/call', base64('mdca_get_open_alerts')), 200, undefined],
    ['no blanks around a header', CALL, headersOf('tools/call', '  mdca_get_open_alerts '), 200, undefined],
    ['a missing revision', LIST, { 'mcp-method': 'tools/list' }, 400, -32_020],
    ['another revision', LIST, { ...headersOf('tools/list'), 'mcp-protocol-version': '2025-11-25' }, 400, -32_020],
    ['a missing method', LIST, { 'mcp-protocol-version': REVISION }, 400, -32_020],
    ['another method', LIST, headersOf('prompts/list'), 400, -32_020],
    ['a method in capitals', LIST, headersOf('TOOLS/LIST'), 400, -32_020],
    ['a missing name', CALL, headersOf('tools/call'), 400, -32_020],
    ['another name', CALL, headersOf('tools/call', 'mdca_dismiss_alert'), 400, -32_020],
    ['a name in broken Base64', CALL, headersOf('tools/call', '=?base64?b*?='), 400, -32_020],
    ['another URI', read, headersOf('resources/read', 'mdca://nothing'), 400, -32_020],
    ['a request without _meta', { ...LIST, params: {} }, headersOf('tools/list'), 400, -32_602],
    [
      '_meta without capabilities',
      bodyOf('tools/list', {}, { [Object.keys(metaOf())[0] ?? '']: REVISION }),
      headersOf('tools/list'),
      400,
      -32_602,
    ],
    ['a batch', [LIST], headersOf('tools/list'), 400, -32_600],
    ['an id that is null', { ...LIST, id: null }, headersOf('tools/list'), 400, -32_600],
    ['an unknown method', bodyOf('ping'), headersOf('ping'), 404, -32_601],
  ])('%s', (_what, body, headers, status, code) =>
    withDoor(async ({ post }) => {
      const response = await post(body, headers);
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject(code === undefined ? { id: 7 } : { error: { code } });
    }),
  );

  test('a revision that is not served names the one that is', () =>
    withDoor(async ({ post }) => {
      const meta = { ...metaOf(), 'io.modelcontextprotocol/protocolVersion': '2099-01-01' };
      const response = await post(bodyOf('tools/list', {}, meta), {
        ...headersOf('tools/list'),
        'mcp-protocol-version': '2099-01-01',
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        id: 7,
        error: { code: -32_022, data: { supported: [REVISION], requested: '2099-01-01' } },
      });
    }));

  const unknown = { 'io.modelcontextprotocol/protocolVersion': '2099-01-01' };
  test.each<[string, object, Headers]>([
    ['only the revision', bodyOf('tools/list', {}, unknown), {}],
    [
      'null capabilities',
      bodyOf('tools/list', {}, { ...unknown, 'io.modelcontextprotocol/clientCapabilities': null }),
      {},
    ],
    ['a method that is new', bodyOf('tools/begin', {}, unknown), {}],
    ['other params', bodyOf('tools/call', { tool: 7, arguments: 'x' }, unknown), {}],
    ['another progress token', bodyOf('tools/list', {}, { ...unknown, progressToken: {} }), {}],
    ['other headers', CALL_OF_UNKNOWN, { 'mcp-method': 'something', 'mcp-name': 'else' }],
    ['an Accept without JSON', bodyOf('tools/list', {}, unknown), { accept: 'text/event-stream' }],
  ])('a client of an unknown revision that sends %s is told which one is served', (_what, body, headers) =>
    withDoor(async ({ post }) => {
      const response = await post(body, { 'mcp-protocol-version': '2099-01-01', ...headers });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        id: 7,
        error: { code: -32_022, data: { supported: [REVISION], requested: '2099-01-01' } },
      });
    }),
  );

  test('an unknown method has its status, though the client accepts no JSON', () =>
    withDoor(async ({ post }) => {
      const accept = 'text/event-stream';
      const response = await post(bodyOf('ping'), { ...headersOf('ping'), accept });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ id: 7, error: { code: -32_601 } });
      const list = await post(LIST, { ...headersOf('tools/list'), accept });
      expect(list.headers.get('content-type')).toBe('text/event-stream');
      expect(await list.text()).toContain('"resultType":"complete"');
    }));

  test('a name beyond ASCII has to come in Base64', () =>
    withDoor(async ({ post }) => {
      const name = 'mdca_get_ö';
      const call = bodyOf('tools/call', { name });
      const plain = await post(call, headersOf('tools/call', name));
      expect([plain.status, await plain.json()]).toMatchObject([400, { error: { code: -32_020 } }]);
      const percent = await post(call, headersOf('tools/call', encodeURIComponent(name)));
      expect([percent.status, await percent.json()]).toMatchObject([400, { error: { code: -32_020 } }]);
      const encoded = await post(call, headersOf('tools/call', base64(name)));
      expect([encoded.status, await encoded.json()]).toMatchObject([200, { error: { code: -32_602 } }]);
    }));

  test('a caller who may not come in, another host, and too many requests', () =>
    withDoor(
      async ({ post }) => {
        expect((await post(LIST, headersOf('tools/list'))).status).toBe(401);
        expect((await post(LIST, { ...headersOf('tools/list'), origin: 'https://evil.example' })).status).toBe(403);
      },
      { signIn: async () => ({ status: 401, description: 'no' }) },
    ));

  test('more than may be open at once', () =>
    withDoor(
      async ({ post, emulator }) => {
        emulator.fault({ kind: 'slow', delayMs: 300 });
        const [first, second] = await Promise.all([post(CALL, CALL_HEADERS), post(CALL, CALL_HEADERS)]);
        expect([first.status, second.status].sort()).toEqual([200, 429]);
        const refused = first.status === 429 ? first : second;
        expect(refused.headers.get('retry-after')).toBe('1');
        expect(await refused.json()).toMatchObject({ id: CALL.id, error: { code: -32_603 } });
        expect((await post(CALL, CALL_HEADERS)).status).toBe(200);
      },
      { limits: { total: 1 } },
    ));
});

test('a notification is taken, and answered with nothing', () =>
  withDoor(async ({ post }) => {
    const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, _meta: metaOf() } };
    const response = await post(cancelled, headersOf('notifications/cancelled'));
    expect(response.status).toBe(202);
    expect(await response.text()).toBe('');
  }));

test('a client that closes its connection cancels the call, down to the service', () =>
  withDoor(async ({ url, emulator, post, logged }) => {
    emulator.fault({ kind: 'hang' });
    const socket = sendRaw(url, CALL, CALL_HEADERS);
    await expect.poll(() => emulator.requests.length).toBe(1);
    socket.destroy();
    await once(socket, 'close');
    await expect.poll(() => logged.some((line) => line.includes('"cancelled"'))).toBe(true);
    expect((await post(CALL, CALL_HEADERS)).status).toBe(200);
  }));

const KEY: Identity = { id: 'key soc', name: 'soc', mayWrite: true };
const LEGACY_CALL = callOf(7, 'mdca_get_open_alerts', { limit: 1 });
const ERAS: [string, object, Headers][] = [
  ['2026-07-28', CALL, CALL_HEADERS],
  ['2025-11-25', LEGACY_CALL, {}],
];

/** Sends a POST over a connection of its own. */
function sendRaw(url: string, message: object, own: Headers): Socket {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  const body = JSON.stringify(message);
  const headers = { host: `${hostname}:${port}`, ...JSON_HEADERS, ...own, 'content-length': body.length };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.write(`POST /mcp HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
  return socket;
}

test.each(ERAS)('a client of %s that leaves while it is being signed in cancels the call', async (_era, call, own) => {
  let signIn = () => {};
  let asked = 0;
  const signingIn = new Promise<void>((resolve) => {
    signIn = resolve;
  });
  const slow = async () => {
    asked++;
    // The second time is when its body is there.
    if (asked === 2) await signingIn;
    return KEY;
  };
  await withDoor(
    async ({ url, emulator, logged }) => {
      const socket = sendRaw(url, call, own);
      await expect.poll(() => asked).toBe(2);
      socket.destroy();
      // The server has heard of it when it has answered a later connection.
      await fetch(new URL('/healthz', url));
      signIn();
      await expect.poll(() => logged.some((line) => line.includes('"cancelled"'))).toBe(true);
      expect(emulator.requests).toEqual([]);
    },
    { signIn: slow },
  );
});

test.each(ERAS)(
  'a caller of %s who loses the right to come in is not left waiting',
  async (_era, call, own) =>
    withDoor(
      async ({ door, emulator, post }) => {
        emulator.fault({ kind: 'hang' });
        const response = post(call, { ...own, accept: 'text/event-stream' });
        await expect.poll(() => emulator.requests.length).toBe(1);
        door.endOf(() => true);
        expect(await (await response).text()).not.toContain('structuredContent');
      },
      { signIn: async () => KEY },
    ),
  10_000,
);

const LISTEN = bodyOf('subscriptions/listen', { notifications: { resourceSubscriptions: ['mdca://alerts/open'] } });
const listen = (open: OpenDoor) => open.post(LISTEN, headersOf('subscriptions/listen'));

/** The next message of a stream of events. */
async function nextOf(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<object> {
  const { value } = await reader.read();
  return JSON.parse(/^data: (.*)$/m.exec(Buffer.from(value ?? []).toString())?.[1] ?? 'null');
}

test('a subscription is a stream that is acknowledged at once, and answered when the server ends', () =>
  withDoor(async (open) => {
    const response = await listen(open);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body?.getReader();
    if (!reader) throw new Error('no stream');
    const _meta = { 'io.modelcontextprotocol/subscriptionId': 7 };
    expect(await nextOf(reader)).toMatchObject({
      method: 'notifications/subscriptions/acknowledged',
      params: { _meta, notifications: { resourceSubscriptions: ['mdca://alerts/open'] } },
    });
    open.door.end();
    expect(await nextOf(reader)).toMatchObject({ id: 7, result: { resultType: 'complete', _meta } });
    expect((await reader.read()).done).toBe(true);
  }));

test('a caller may have so many subscriptions, which end with the right to come in', () =>
  withDoor(
    async (open) => {
      const first = await listen(open);
      expect((await listen(open)).status).toBe(429);
      open.door.endOf(({ id }) => id === 'key soc');
      expect(await first.text()).toContain('"resultType":"complete"');
      expect((await listen(open)).status).toBe(200);
    },
    { limits: { perSession: 1 }, signIn: async () => ({ id: 'key soc', name: 'soc', mayWrite: true }) },
  ));

test('a caller may have 100 subscriptions, and one more as soon as one has ended', () => {
  const signIn = async (headers: globalThis.Headers) => ({
    id: `key ${headers.get('x-api-key')}`,
    name: 'soc',
    mayWrite: true,
  });
  return withDoor(
    async (open) => {
      const begin = async (key: string) => {
        const closing = new AbortController();
        const response = await fetch(open.url, {
          method: 'POST',
          headers: { ...JSON_HEADERS, ...headersOf('subscriptions/listen'), 'x-api-key': key },
          body: JSON.stringify(LISTEN),
          signal: closing.signal,
        });
        return { response, status: response.status, close: () => closing.abort() };
      };
      const all = await Promise.all(Array.from({ length: 100 }, () => begin('a')));
      expect(all.map(({ status }) => status)).toEqual(all.map(() => 200));
      const refused = await begin('a');
      expect(refused.status).toBe(429);
      expect(refused.response.headers.get('retry-after')).toBe('1');
      expect(await refused.response.json()).toMatchObject({ id: 7, error: { code: -32_603 } });
      // Neither other callers nor calls are held up.
      expect((await begin('b')).status).toBe(200);
      expect((await open.post(CALL, { ...CALL_HEADERS, 'x-api-key': 'a' })).status).toBe(200);
      all[0]?.close();
      await expect.poll(async () => (await begin('a')).status).toBe(200);
      expect((await begin('a')).status).toBe(429);
      open.door.endOf(({ id }) => id === 'key a');
      const [last] = all.slice(-1);
      expect(await last?.response.text()).toMatch(/"id":7,"result":\{"resultType":"complete"/);
      const again = await Promise.all(Array.from({ length: 101 }, () => begin('a')));
      expect(again.filter(({ status }) => status === 200)).toHaveLength(100);
    },
    { signIn },
  );
});

test('a subscription to nothing that there is ends at once, and leaves its place to others', () =>
  withDoor(
    async ({ post }) => {
      const nothing = { notifications: { resourceSubscriptions: ['mdca://nothing', '__proto__', 'ui://'] } };
      const absent = { notifications: { resourceSubscriptions: null } };
      for (const filter of [nothing, nothing, absent]) {
        const response = await post(bodyOf('subscriptions/listen', filter), headersOf('subscriptions/listen'));
        expect(await response.text()).toMatch(/"notifications":\{\}.*"resultType":"complete"/s);
      }
    },
    { limits: { perSession: 1 } },
  ));

test('a question that one process has put is answered at another with the same key, once', () =>
  withDoor(async (open) => {
    const other = await open.another();
    const args = { alert_ids: openIds(open.emulator.state.alerts, 1) };
    const send = async (url: string, more: object = {}) => {
      const name = 'mdca_close_alert_benign';
      const body = JSON.stringify(bodyOf('tools/call', { name, arguments: args, ...more }));
      const headers = { ...JSON_HEADERS, ...headersOf('tools/call', name) };
      return Object(await (await fetch(url, { method: 'POST', headers, body })).json());
    };
    const { requestState, agreed } = questionOf(await send(open.url));
    const again = { requestState, inputResponses: agreed };
    expect(await send(other.url, again)).toMatchObject({ result: { structuredContent: { status: 'closed' } } });
    expect(await send(open.url, again)).toMatchObject({ error: { code: -32_602 } });
  }));
