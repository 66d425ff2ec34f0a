import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { JSON_HEADERS, type OpenDoor, withDoor } from '../../door.ts';
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
    const { port, hostname } = new URL(url);
    const socket = connect(Number(port), hostname);
    const body = JSON.stringify(CALL);
    const headers = { host: `${hostname}:${port}`, ...JSON_HEADERS, ...CALL_HEADERS, 'content-length': body.length };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.write(`POST /mcp HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
    await expect.poll(() => emulator.requests.length).toBe(1);
    socket.destroy();
    await once(socket, 'close');
    await expect.poll(() => logged.some((line) => line.includes('"cancelled"'))).toBe(true);
    expect((await post(CALL, CALL_HEADERS)).status).toBe(200);
  }));

const listen = (open: OpenDoor) => {
  const body = bodyOf('subscriptions/listen', { notifications: { resourceSubscriptions: ['mdca://alerts/open'] } });
  return open.post(body, headersOf('subscriptions/listen'));
};

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
