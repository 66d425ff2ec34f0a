import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { callOf, INITIALIZE, type Running, start } from '../process.ts';
import { metaOf } from './modern_wire.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ callsPerMinute: 0 });
});
afterAll(() => emulator.close());

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** Every line on stdout: messages, and batches of them. */
const linesOf = (running: Running): (Message | Message[])[] =>
  running
    .stdout()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

const open = () => start([], { MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token });

/** Most texts go to one server, one after the other. */
let shared: Running;
let read: (Message | Message[])[] = [];
beforeAll(() => {
  shared = open();
  createInterface(shared.child.stdout).on('line', (line) => read.push(JSON.parse(line)));
});
afterAll(async () => {
  shared.child.stdin.end();
  expect(await shared.ended).toBe(0);
});

/**
 * What the server answers to a text on stdin. A ping behind it tells when all has been answered that is answered at once.
 * @param least how many lines to wait for besides
 */
async function answersTo(text: string, least = 0): Promise<(Message | Message[])[]> {
  read = [];
  shared.send(`${text}\n${JSON.stringify(request('mark', 'ping'))}`);
  const isMark = (line: Message | Message[]) => 'id' in line && line.id === 'mark';
  await expect.poll(() => read.some(isMark) && read.length > least).toBe(true);
  return read.filter((line) => !isMark(line));
}

/** What the server answers to a text after which stdin ends. */
async function answersToLast(text: string): Promise<(Message | Message[])[]> {
  const running = open();
  running.child.stdin.end(text);
  expect(await running.ended).toBe(0);
  return linesOf(running);
}

const lines = (...messages: unknown[]) => messages.map((message) => `${JSON.stringify(message)}\n`).join('');
const request = (id: unknown, method: unknown, more: object = {}) => ({ jsonrpc: '2.0', id, method, ...more });
const refusal = (id: unknown, code: number) => ({
  jsonrpc: '2.0',
  id,
  // One sentence, and nothing of a schema library.
  error: { code, message: expect.stringMatching(/^[A-Z][^\n{}[\]]*\.$/) },
});

describe('null or an empty list means absent', () => {
  const call = (more: object) => request(2, 'tools/call', { params: { name: 'mdca_get_open_alerts', ...more } });
  test.each([
    request(2, 'tools/list', { params: null }),
    request(2, 'tools/list', { params: [] }),
    request(2, 'tools/list', { params: { cursor: null } }),
    request(2, 'tools/list', { params: { cursor: [] } }),
    request(2, 'tools/list', { params: { _meta: null } }),
    request(2, 'tools/list', { params: { _meta: [] } }),
    request(2, 'resources/list', { params: { cursor: null, _meta: null } }),
    request(2, 'resources/templates/list', { params: { cursor: null } }),
    request(2, 'ping', { params: null }),
    request(2, 'ping', { params: [], result: null, error: null, extra: 1 }),
    call({ arguments: null }),
    call({ arguments: [] }),
    call({ arguments: {}, _meta: null, task: null }),
    call({ _meta: { progressToken: null } }),
    call({ _meta: { progressToken: [] } }),
    call({ _meta: { 'io.modelcontextprotocol/related-task': null } }),
    // This server has no tasks, and the protocol wants such a server to pass the wish over.
    call({ task: { ttl: 'long' }, _meta: { 'io.modelcontextprotocol/related-task': { taskId: 't' } } }),
    request(2, 'resources/read', { params: { uri: 'mdca://alerts/open', _meta: null } }),
    request(2, 'resources/subscribe', { params: { uri: 'mdca://alerts/open', _meta: [] } }),
  ])('%j', async (message) => {
    const [answer] = await answersTo(lines(message), 1);
    expect(answer).toMatchObject({ jsonrpc: '2.0', id: 2, result: expect.any(Object) });
    expect(answer).not.toHaveProperty('result.isError');
  });

  test.each([
    { method: 'notifications/initialized', params: null },
    { method: 'notifications/initialized', params: [], id: null },
  ])('in the notification %j, which gets no answer', async (notification) => {
    expect(await answersTo(lines({ jsonrpc: '2.0', ...notification }))).toEqual([]);
  });
});

describe('a client introduces itself', () => {
  const served = { id: 1, result: { protocolVersion: '2025-11-25', serverInfo: { name: 'defender-cloud-apps' } } };
  test.each([
    { clientInfo: { name: 'no version' } },
    { clientInfo: { name: 'x', version: null, title: null, icons: null } },
    { clientInfo: { name: 5, version: 1.5 } },
    { clientInfo: {} },
    { clientInfo: null },
    { clientInfo: undefined },
    { capabilities: null },
    { capabilities: [] },
    { capabilities: undefined },
    {
      capabilities: { elicitation: null, roots: [], sampling: null, experimental: null, extensions: null, tasks: null },
    },
    { capabilities: { roots: { listChanged: null }, sampling: true, experimental: { a: 1 } } },
    { capabilities: { elicitation: { form: null, url: null } } },
    { _meta: null },
  ])('as %j, and is served', async (params) => {
    const message = { ...INITIALIZE, params: { ...INITIALIZE.params, ...params } };
    expect(await answersTo(lines(message))).toMatchObject([served]);
  });

  test.each([
    [undefined],
    [null],
    [{}],
    [[1]],
    ['x'],
    [{ ...INITIALIZE.params, protocolVersion: 5 }],
    [{ ...INITIALIZE.params, capabilities: 'all' }],
    [{ ...INITIALIZE.params, clientInfo: 'x' }],
  ])('with %j, which is refused in one sentence', async (params) => {
    expect(await answersTo(lines({ ...INITIALIZE, params }))).toEqual([refusal(1, -32602)]);
  });
});

describe('a line', () => {
  const ping = JSON.stringify(request(3, 'ping'));
  const pong = { jsonrpc: '2.0', id: 3, result: {} };

  test('may begin with a byte order mark', async () => {
    expect(await answersTo(`\uFEFF${lines(INITIALIZE)}\uFEFF${ping}\r\n`)).toMatchObject([{ id: 1, result: {} }, pong]);
  });

  test('without a newline counts if it is the last', async () => {
    expect(await answersToLast(lines(INITIALIZE) + ping)).toMatchObject([{ id: 1 }, pong]);
    const [, answer] = await answersToLast(lines(INITIALIZE) + JSON.stringify(callOf(2, 'mdca_get_open_alerts')));
    expect(answer).toMatchObject({ id: 2, result: { structuredContent: {} } });
  });

  test('that is empty is passed over', async () => {
    expect(await answersTo(`\n \r\n\uFEFF\n${ping}\n\n`)).toEqual([pong]);
  });

  test.each([
    ['{"jsonrpc":"2.0","id":5,"method":"ping"', 5],
    ['{"jsonrpc":"2.0","id":5,"method":"ping","params":{"a":[1,{"b":"}"}', 5],
    ['{"method":"tools/call","params":{"name":"x","arguments":{"t":"\\"id\\":7}"}},"jsonrpc":"2.0","id":5}}', 5],
    ['{"jsonrpc":"2.0","id":"five \\"5\\"","method":"ping",}', 'five "5"'],
    ['  {"jsonrpc" : "2.0" , "id" : 5 , "method" : "ping" } trailing', 5],
    // Not to be known for sure: it may have gone on, stands in another object, comes twice, or behind the fault.
    ['{"jsonrpc":"2.0","method":"ping","id":5', null],
    ['{"jsonrpc":"2.0","method":"ping","id":"fiv', null],
    ['{"jsonrpc":"2.0","method":"ping","params":{"id":5}', null],
    ['{"jsonrpc":"2.0","id":5,"id":6,"method":"ping"', null],
    ["{'jsonrpc':'2.0','id':5,'method':'ping'}", null],
    ['{"jsonrpc":"2.0","method":ping,"id":5}', null],
    ['{"jsonrpc":"2.0","id":{"id":5},"method":"ping"', null],
    ['[{"jsonrpc":"2.0","id":5,"method":"ping"}', null],
    ['this is no JSON', null],
    ['\u0000\u0001', null],
  ])('that is broken, %j, gets a parse error', async (line, id) => {
    expect(await answersTo(`${line}\n${ping}\n`)).toEqual([refusal(id, -32700), pong]);
    if (line.endsWith('"ping"')) expect(await answersToLast(line)).toEqual([refusal(id, -32700)]);
  });

  test.each([
    [{ jsonrpc: '2.0', id: 5 }, 5],
    [{ jsonrpc: '2.0', id: '' }, ''],
    [{ id: 5, method: 'ping' }, 5],
    [{ jsonrpc: '1.0', id: 5, method: 'ping' }, 5],
    [{ jsonrpc: 2, id: 0, method: 'ping' }, 0],
    [request('five', 7), 'five'],
    [request(5, {}), 5],
    [request(5, null), 5],
    [request(1.5, 'ping'), 1.5],
    [request(1e300, 'ping'), 1e300],
    [request({ a: 1 }, 'ping'), null],
    [request([5], 'ping'), null],
    [request(true, 'ping'), null],
    [request(null, 'ping'), null],
    [request(5, undefined, { params: {} }), 5],
    [request(5, 'ping', { result: {} }), 5],
    // As no question has been asked, these answer none.
    [request(5, undefined, { result: {} }), 5],
    [request(5, undefined, { result: 'text' }), 5],
    [request(5, undefined, { error: 'text' }), 5],
    [request(5, undefined, { result: {}, error: { code: 1, message: 'both' } }), 5],
    [{ jsonrpc: '2.0', result: {} }, null],
    [{}, null],
    [null, null],
    [7, null],
    ['text', null],
    [[], null],
    [{ method: 'ping' }, null],
  ])('that holds no request, %j, is refused with its id', async (message, id) => {
    expect(await answersTo(lines(message, request(3, 'ping')))).toEqual([refusal(id, -32600), pong]);
  });

  test('that says that something of ours was refused gets no answer, or two servers would never stop', async () => {
    const error = { code: -32600, message: 'No.' };
    const told = [{ jsonrpc: '2.0', id: null, error }, { jsonrpc: '2.0', error }, request(5, undefined, { error })];
    expect(await answersTo(lines(...told))).toEqual([]);
  });

  test.each(['ping', 'tools/list', 'no/method', '__proto__', 'constructor', ''])(
    'with the method %j',
    async (method) => {
      for (const params of [7, 'x', [1], true]) {
        expect(await answersTo(lines(request(5, method, { params })))).toEqual([refusal(5, -32602)]);
      }
    },
  );

  test('may nest deeply, hold a key twice, or half of a surrogate pair', async () => {
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    const call = (args: string, id = '2') =>
      `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"mdca_get_open_alerts","arguments":${args}}}\n`;
    const answers = await answersTo(
      call(`{"limit":${deep}}`) +
        call(`{"__proto__":1,"constructor":{}}`, '3') +
        `{"jsonrpc":"2.0","id":4,"method":"ping","params":${deep}}\n` +
        `{"jsonrpc":"2.0","id":${deep},"method":"ping"}\n` +
        `{"jsonrpc":"2.0","id":6,"id":7,"method":"ping"}\n` +
        `{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}\n` +
        `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${deep},"reason":${deep}}}\n` +
        `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":2,"x":${deep}}}\n` +
        `{"jsonrpc":"2.0","id":8,"method":"initialize","params":{"protocolVersion":"1","capabilities":{"roots":${deep}}}}\n` +
        `{"jsonrpc":"2.0","id":9,"result":${deep}}\n` +
        `${deep}\n`,
      9,
    );
    expect(
      answers
        .map((answer) => (Array.isArray(answer) ? answer.length : answer.id))
        .map(String)
        .sort(),
    ).toEqual(['1', '2', '3', '4', '7', '8', '9', '\ud800', 'null'].sort());
  });

  test('of more than 10 MiB is refused with its id, before the server ends', async () => {
    const running = open();
    running.child.stdin.write(`{"jsonrpc":"2.0","id":5,"method":"tools/call","params":"${'x'.repeat(11 << 20)}`);
    expect(await running.ended).toBe(0);
    expect(linesOf(running)).toEqual([refusal(5, -32600)]);
  });
});

describe('what is wrong with a request is told in one sentence', () => {
  test.each([
    ['tools/call', undefined],
    ['tools/call', null],
    ['tools/call', {}],
    ['tools/call', { name: null }],
    ['tools/call', { name: 5 }],
    ['tools/call', { name: ['mdca_get_open_alerts'] }],
    ['tools/call', { name: 'mdca_get_open_alerts', arguments: 'text' }],
    ['tools/call', { name: 'mdca_get_open_alerts', arguments: [1] }],
    ['tools/call', { name: 'mdca_get_open_alerts', arguments: 0 }],
    ['tools/call', { name: 'mdca_get_open_alerts', _meta: 'text' }],
    ['tools/call', { name: 'mdca_get_open_alerts', _meta: [1] }],
    ['tools/call', { name: 'mdca_get_open_alerts', _meta: { progressToken: {} } }],
    ['tools/call', { name: 'mdca_get_open_alerts', _meta: { progressToken: 1.5 } }],
    ['tools/list', { cursor: 7 }],
    ['resources/list', { cursor: {} }],
    ['resources/templates/list', { cursor: true }],
    ['resources/read', {}],
    ['resources/read', { uri: 7 }],
    ['resources/read', { uri: null }],
    ['resources/read', null],
    ['resources/subscribe', { uri: {} }],
    ['resources/unsubscribe', []],
    ['ping', { _meta: 7 }],
    ['prompts/get', undefined],
    ['prompts/get', { name: 'no_such_prompt' }],
    ['prompts/get', { name: 'triage_alert' }],
    ['prompts/get', { name: 'triage_alert', arguments: { alert_id: {} } }],
    ['prompts/list', { cursor: 5 }],
    ['completion/complete', undefined],
    ['completion/complete', { ref: { type: 'ref/prompt' }, argument: { name: 'alert_id', value: '' } }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'triage_alert' }, argument: { name: 'x' } }],
  ])('%s with %j', async (method, params) => {
    expect(await answersTo(lines(request(5, method, { params })))).toEqual([refusal(5, -32602)]);
  });

  test.each(['logging/setLevel', 'tasks/get'])('the server has no %s', async (method) => {
    for (const params of [undefined, null, {}, { level: 7, ref: null }]) {
      expect(await answersTo(lines(request(5, method, { params })))).toMatchObject([
        { id: 5, error: { code: -32601 } },
      ]);
    }
  });
});

describe('a batch', () => {
  test('is answered by one array', async () => {
    const batch = [request(3, 'ping'), request('a', 'no/method'), callOf(4, 'mdca_get_open_alerts', { limit: 1 })];
    const introduction = lines(INITIALIZE).replace(INITIALIZE.params.protocolVersion, '2025-03-26');
    const [introduced, answer, ...more] = await answersTo(introduction + lines(batch), 2);
    expect(introduced).toMatchObject({ result: { protocolVersion: '2025-03-26' } });
    expect(more).toEqual([]);
    expect(answer).toHaveLength(3);
    expect(answer).toEqual(
      expect.arrayContaining([
        { jsonrpc: '2.0', id: 3, result: {} },
        { jsonrpc: '2.0', id: 'a', error: { code: -32601, message: 'Method not found' } },
        { jsonrpc: '2.0', id: 4, result: expect.objectContaining({ structuredContent: expect.any(Object) }) },
      ]),
    );
  });

  test('of one request is answered by an array of one', async () => {
    expect(await answersTo(lines([request(3, 'ping')]))).toEqual([[{ jsonrpc: '2.0', id: 3, result: {} }]]);
  });

  test('of notifications gets no answer', async () => {
    const notification = { jsonrpc: '2.0', method: 'notifications/initialized' };
    expect(await answersTo(lines([notification, { ...notification, params: null }]))).toEqual([]);
  });

  test('that is empty is no request', async () => {
    expect(await answersTo(lines([]))).toEqual([refusal(null, -32600)]);
  });

  test('has a refusal for each member that is no request', async () => {
    const batch = [1, [], [request(9, 'ping')], { id: 5 }, request(3, 'ping'), request(6, 'tools/call')];
    const [answer] = await answersTo(lines(batch));
    expect(answer).toHaveLength(6);
    expect(answer).toEqual(
      expect.arrayContaining([
        refusal(null, -32600),
        refusal(5, -32600),
        { jsonrpc: '2.0', id: 3, result: {} },
        refusal(6, -32602),
      ]),
    );
  });

  test('may use an id twice, and then answers it twice', async () => {
    const [answer] = await answersTo(lines([request(3, 'ping'), request(3, 'ping')]));
    expect(answer).toEqual([
      { jsonrpc: '2.0', id: 3, result: {} },
      { jsonrpc: '2.0', id: 3, result: {} },
    ]);
  });

  test('is answered without a request that is cancelled', async () => {
    const own = await createEmulator();
    own.fault({ kind: 'hang', times: 0 });
    const running = start([], { MDCA_API_URL: own.url, MDCA_API_TOKEN: own.token });
    const cancel = (requestId: unknown) => ({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId },
    });
    running.send([request(0, 'ping'), callOf(7, 'mdca_get_open_alerts')]);
    running.send([callOf(8, 'mdca_get_open_alerts')]);
    await expect.poll(() => own.requests.length).toBe(2);
    expect(linesOf(running)).toEqual([]);
    running.send([cancel(7), cancel(8)]);
    running.send(request(9, 'ping'));
    await expect
      .poll(() => linesOf(running))
      .toEqual([[{ jsonrpc: '2.0', id: 0, result: {} }], { jsonrpc: '2.0', id: 9, result: {} }]);
    running.child.stdin.end();
    expect(await running.ended).toBe(0);
    expect(linesOf(running)).toHaveLength(2);
    await own.close();
  });

  test('of more than 1,000 messages is refused for each id in it', async () => {
    const many = Array.from({ length: 1_001 }, (_, id) => request(id, 'tools/list'));
    const [answer] = await answersTo(lines([...many, 7]));
    expect(answer).toHaveLength(1_002);
    expect(answer).toEqual(expect.arrayContaining([refusal(0, -32600), refusal(1_000, -32600), refusal(null, -32600)]));
  });
});

describe('notifications/cancelled', () => {
  test('cancels the calls of both eras that have its id', async () => {
    const own = await createEmulator();
    own.fault({ kind: 'hang', times: 0 });
    const running = start([], { MDCA_API_URL: own.url, MDCA_API_TOKEN: own.token });
    const older = callOf(7, 'mdca_get_open_alerts');
    running.send(older);
    running.send({ ...older, params: { ...older.params, _meta: metaOf() } });
    await expect.poll(() => own.requests.length).toBe(2);
    running.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } });
    await expect.poll(() => running.stderr().match(/"cancelled"/g)).toHaveLength(2);
    running.child.stdin.end();
    expect(await running.ended).toBe(0);
    expect(linesOf(running)).toEqual([]);
    await own.close();
  });

  test('with an id is a request, which is refused and cancels nothing', async () => {
    const own = await createEmulator();
    own.fault({ kind: 'slow', delayMs: 500 });
    const running = start([], { MDCA_API_URL: own.url, MDCA_API_TOKEN: own.token });
    const call = callOf(7, 'mdca_get_open_alerts');
    running.send({ ...call, params: { ...call.params, _meta: metaOf() } });
    await expect.poll(() => own.requests.length).toBe(1);
    running.send(request(8, 'notifications/cancelled', { params: { requestId: 7 } }));
    await expect
      .poll(() => linesOf(running))
      .toEqual([
        { jsonrpc: '2.0', id: 8, error: { code: -32601, message: expect.any(String) } },
        { jsonrpc: '2.0', id: 7, result: expect.objectContaining({ resultType: 'complete' }) },
      ]);
    running.child.stdin.end();
    await own.close();
  });
});
