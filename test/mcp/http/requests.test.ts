import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { JSON_HEADERS, withDoor } from '../../door.ts';
import { callOf, INITIALIZE } from '../../process.ts';

const LIST = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
const MIB = 1024 * 1024;

const WRONG: readonly [string, string, number, number][] = [
  ['broken JSON', '{"jsonrpc":', 400, -32_700],
  ['no body', '', 400, -32_700],
  ['a text', '"text"', 400, -32_600],
  ['null', 'null', 400, -32_600],
  ['an empty list', '[]', 400, -32_600],
  ['no method', '{"jsonrpc":"2.0","id":1}', 400, -32_600],
  ['another protocol', '{"jsonrpc":"1.0","id":1,"method":"ping"}', 200, -32_600],
  ['an id that is no id', '{"jsonrpc":"2.0","id":{},"method":"ping"}', 400, -32_600],
  [
    'a byte order mark before a request',
    `\uFEFF${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'no' })}`,
    200,
    -32_601,
  ],
  ['an unknown method', '{"jsonrpc":"2.0","id":1,"method":"nothing"}', 200, -32_601],
  ['wrong params', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":7}', 200, -32_602],
  ['an initialize among others', JSON.stringify([INITIALIZE, LIST]), 400, -32_600],
  ['a batch of 101', JSON.stringify(Array(101).fill(LIST)), 400, -32_600],
];

test('what is no request is told as such', () =>
  withDoor(async ({ post }) => {
    for (const [what, body, status, code] of WRONG) {
      const answer = await post(body);
      expect(answer.status, what).toBe(status);
      expect(await answer.json(), what).toMatchObject({ jsonrpc: '2.0', error: { code } });
    }
  }));

test('answers keep the id as it was sent, and those of a batch are one list', () =>
  withDoor(async ({ begin, post }) => {
    const of = { 'mcp-session-id': await begin() };
    for (const id of ['text', '', 0, -1, 2 ** 53 - 1]) {
      expect(await (await post({ jsonrpc: '2.0', id, method: 'ping' }, of)).json()).toEqual({
        jsonrpc: '2.0',
        id,
        result: {},
      });
    }
    const pings = ['a', 1].map((id) => ({ jsonrpc: '2.0', id, method: 'ping' }));
    const note = { jsonrpc: '2.0', method: 'notifications/initialized' };
    const answers = await (await post([...pings, note], of)).json();
    expect(answers).toEqual(['a', 1].map((id) => ({ jsonrpc: '2.0', id, result: {} })));
    expect((await post([note, note], of)).status).toBe(202);
  }));

test('two requests at once may have the same id', () =>
  withDoor(async ({ begin, post }) => {
    const of = { 'mcp-session-id': await begin() };
    const call = (limit: number) =>
      post(callOf(5, 'mdca_get_open_alerts', { limit }), of).then((answer) => answer.json());
    const answers = (await Promise.all([call(1), call(2), call(3)])) as { result: { structuredContent: unknown } }[];
    expect(answers.map(({ result }) => result.structuredContent)).toMatchObject(
      [1, 2, 3].map((returned) => ({ returned })),
    );
  }));

const HEADERS: readonly [Record<string, string>, number][] = [
  [{ accept: 'text/html' }, 406],
  [{ 'content-type': 'text/plain' }, 415],
  [{ 'content-type': 'application/jsonp' }, 415],
  [{ 'content-type': 'application/json; charset=utf-8' }, 200],
  [{ accept: '*/*' }, 200],
  [{ accept: 'application/json' }, 200],
  [{ 'mcp-protocol-version': '2025-11-25' }, 200],
  [{ 'mcp-protocol-version': '1999-01-01' }, 400],
];

test('headers say what is sent and what can be read', () =>
  withDoor(async ({ post }) => {
    for (const [headers, status] of HEADERS) {
      expect((await post(LIST, headers)).status, JSON.stringify(headers)).toBe(status);
    }
  }));

test('a client that reads only streams gets its answer as one', () =>
  withDoor(async ({ post }) => {
    const answer = await post(LIST, { accept: 'text/event-stream' });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(await answer.text()).toMatch(/^event: message\ndata: \{"result":/);
  }));

test('other methods are 405, other paths 404, and the pages for people and probes are there', () =>
  withDoor(async ({ url }) => {
    expect((await fetch(url, { method: 'PUT', body: '{}' })).status).toBe(405);
    // It would open a stream that nobody reads, and that would hold its session for ever.
    const accept = 'text/event-stream';
    expect((await fetch(url, { method: 'HEAD', headers: { accept } })).status).toBe(405);
    expect((await fetch(new URL('/nothing', url))).status).toBe(404);
    expect((await fetch(`${url}/`, { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(LIST) })).status).toBe(
      200,
    );
    expect(await (await fetch(new URL('/healthz', url))).json()).toEqual({ status: 'ok' });
    const page = await fetch(new URL('/', url));
    expect(page.headers.get('content-type')).toMatch('text/html');
    expect(await page.text()).toContain(`<code>${url}</code>`);
  }));

describe('a body', () => {
  test('of more than 1 MiB is 413, whether its length is told or not', () =>
    withDoor(async ({ post, url }) => {
      expect((await post('x'.repeat(MIB + 1))).status).toBe(413);
      expect((await post(JSON.stringify(LIST).padEnd(MIB))).status).toBe(200);
      const chunked = request(url, { method: 'POST', headers: JSON_HEADERS }).on('error', () => {});
      chunked.write('x'.repeat(MIB));
      chunked.write('xx');
      const [answer] = await once(chunked, 'response');
      expect(answer.statusCode).toBe(413);
      chunked.destroy();
    }));

  test('that does not end is ended, and so are headers that do not', () =>
    withDoor(
      async ({ url }) => {
        const { port } = new URL(url);
        const head = `POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`;
        for (const begun of [`${head}content-length: 100\r\n\r\n{`, head]) {
          const socket = connect(Number(port), '127.0.0.1');
          socket.write(begun);
          let text = '';
          socket.on('data', (chunk) => (text += chunk)).on('error', () => {});
          await once(socket, 'close');
          expect(text).toMatch(/^(HTTP\/1.1 408|$)/);
        }
      },
      { limits: { bodyMs: 100 } },
    ));
});

describe('calls that wait', () => {
  test('are limited for a session and for all', () =>
    withDoor(
      async ({ begin, post, emulator }) => {
        emulator.fault({ kind: 'hang', times: 0 });
        const [one, two] = [await begin(), await begin()];
        const call = (session: string) => post(callOf(2, 'mdca_get_open_alerts'), { 'mcp-session-id': session });
        const waiting = [call(one), call(one)];
        await expect.poll(() => emulator.requests.length).toBe(2);
        const refused = await call(one);
        expect(refused.status).toBe(429);
        expect(refused.headers.get('retry-after')).toBe('1');
        expect(
          (await post({ jsonrpc: '2.0', method: 'notifications/initialized' }, { 'mcp-session-id': two })).status,
        ).toBe(202);
        waiting.push(call(two));
        await expect.poll(() => emulator.requests.length).toBe(3);
        expect((await call(two)).status).toBe(429);
        for (const session of [one, two]) {
          await fetch((await post(LIST)).url, { method: 'DELETE', headers: { 'mcp-session-id': session } });
        }
        for (const answer of await Promise.all(waiting)) {
          expect(await answer.json()).toMatchObject({ id: 2, error: { message: 'The session has ended.' } });
        }
        expect((await post(LIST)).status).toBe(200);
      },
      { limits: { perSession: 2, total: 3 } },
    ));

  test('can be cancelled where no further one is taken; a batch counts each of its own', () =>
    withDoor(
      async ({ begin, post, emulator }) => {
        emulator.fault({ kind: 'hang', times: 0 });
        const of = { 'mcp-session-id': await begin() };
        const calls = [1, 2].map((id) => post(callOf(id, 'mdca_get_open_alerts'), of));
        await expect.poll(() => emulator.requests.length).toBe(2);
        expect((await post([callOf(3, 'mdca_get_open_alerts'), LIST])).status).toBe(429);
        for (const requestId of [1, 2]) {
          const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } };
          expect((await post(cancel, of)).status).toBe(202);
        }
        for (const answer of await Promise.all(calls)) expect(answer.status).toBe(202);
        expect((await post(LIST, of)).status).toBe(200);
      },
      { limits: { perSession: 2, total: 2 } },
    ));

  test('end at the service when a client without a session has gone', () =>
    withDoor(async ({ url, emulator, logged }) => {
      emulator.fault({ kind: 'hang', times: 0 });
      const controller = new AbortController();
      const body = JSON.stringify(callOf(2, 'mdca_get_open_alerts'));
      const call = fetch(url, { method: 'POST', headers: JSON_HEADERS, body, signal: controller.signal });
      await expect.poll(() => emulator.requests.length).toBe(1);
      controller.abort();
      await expect(call).rejects.toThrow();
      await expect.poll(() => logged.join()).toContain('"code":"cancelled"');
    }));
});
