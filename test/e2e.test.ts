import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../src/emulator/emulator.ts';
import { DOORS, type Reached } from './doors.ts';
import { connectModern, LEGACY, MODERN, type Place } from './era_clients.ts';
import { tools } from './fixture.ts';
import { ASKS, metaOf, questionOf } from './mcp/modern_wire.ts';
import { callOf, INITIALIZE, messagesOf, type Running, start } from './process.ts';
import { argsFor, openIds } from './samples.ts';
import { agrees } from './writes/writing.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ callsPerMinute: 0 });
});
afterAll(() => emulator.close());

const tenant = () => ({ MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token });
const answered = (running: Running, id: number) =>
  expect.poll(() => messagesOf(running).some((message) => message.id === id)).toBe(true);
const expectJsonLog = (running: Running) => {
  for (const line of running.stderr().split('\n').filter(Boolean)) expect(JSON.parse(line)).toHaveProperty('level');
};

const WAYS = DOORS.flatMap(([door, reach]) => [LEGACY, MODERN].map((era) => [era.name, door, reach, era] as const));

describe.each(WAYS)('through a client of %s, over %s, as mcp.json starts it', (_era, _door, reach, era) => {
  /** Runs a case with a server of its own, before an emulator of its own unless it is the demo. */
  const withServer = async (
    run: (server: Reached, own: Emulator) => Promise<void>,
    env: Record<string, string> = {},
  ) => {
    const own = await createEmulator({ callsPerMinute: 0 });
    const server = await reach('mdca', { MDCA_API_URL: own.url, MDCA_API_TOKEN: own.token, ...env });
    await run(server, own);
    await server.close();
    await own.close();
  };
  const openAlerts = ({ state }: Emulator) =>
    state.alerts.filter(({ resolutionStatusValue }) => resolutionStatusValue === 0);
  const CLOSE = 'mdca_close_alert_benign';

  test('mdca lists every tool that is defined, and each answers', () =>
    withServer(async (server) => {
      const client = await server.connect(undefined, era);
      expect(await client.toolNames()).toEqual(tools.map(({ name }) => name));
      for (const { name } of tools) {
        const good = await client.call(name, argsFor(name));
        expect(good.isError, name).toBeFalsy();
        expect(good.structuredContent).toBeTypeOf('object');
        const bad = await client.call(name, { nonsense: true });
        expect(bad).toMatchObject({ isError: true });
      }
      await expect(client.call('mdca_nothing')).rejects.toMatchObject({ code: -32602 });
    }));

  test('a change is confirmed by a person where the client can ask, else by the same call with its code', () =>
    withServer(async (server, own) => {
      const [one, two, three] = openAlerts(own);
      const asking = await server.connect(agrees, era);
      const asked = await asking.call(CLOSE, { alert_ids: [one?._id] });
      expect(asked.structuredContent).toMatchObject({ status: 'closed', closed_ids: [one?._id] });

      const refusing = await server.connect(() => ({ action: 'decline' }), era);
      const refused = await refusing.call(CLOSE, { alert_ids: [three?._id] });
      expect(refused.structuredContent).toMatchObject({ status: 'declined' });
      expect(three?.resolutionStatusValue).toBe(0);

      const plain = await server.connect(undefined, era);
      const first = await plain.call(CLOSE, { alert_ids: [two?._id] });
      expect(first.structuredContent).toMatchObject({ status: 'confirmation_required' });
      expect(two?.resolutionStatusValue).toBe(0);
      const { confirm } = first.structuredContent as { confirm: string };
      const second = await plain.call(CLOSE, { alert_ids: [two?._id], confirm });
      expect(second.structuredContent).toMatchObject({ status: 'closed', closed_ids: [two?._id] });
    }));

  test('progress arrives before the answer where it was asked for', () =>
    withServer(async (server) => {
      const client = await server.connect(undefined, era);
      const request = ['mdca_list_activities', { app_id: 11161, limit: 1000 }] as const;
      const told: string[] = [];
      const onprogress = ({ message = '' }) => void told.push(message);
      expect((await client.call(...request)).isError).toBeFalsy();
      expect((await client.call(...request, { onprogress })).isError).toBeFalsy();
      expect(told).toContainEqual(expect.stringMatching(/^Read 100 of \d+/));
    }));

  test('a cancelled call ends down to the socket', async () => {
    let closed = 0;
    const service = createServer((req) => void req.socket.on('close', () => closed++));
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    const address = service.address();
    const port = typeof address === 'object' ? address?.port : '';
    const asked = once(service, 'request');
    const server = await reach('mdca', { MDCA_API_URL: `http://127.0.0.1:${port}`, MDCA_API_TOKEN: 'x' });
    const client = await server.connect(undefined, era);
    const controller = new AbortController();
    const call = client.call('mdca_get_open_alerts', {}, { signal: controller.signal });
    await asked;
    controller.abort('enough');
    await expect(call).rejects.toThrow();
    await expect.poll(() => closed).toBe(1);
    await server.close();
    service.closeAllConnections();
    service.close();
  });

  test('a question to a person is withdrawn when its call is cancelled', () =>
    withServer(async (server, own) => {
      let isAsked = false;
      let isWithdrawn = false;
      const client = await server.connect(
        (_question, signal) =>
          new Promise((resolve) => {
            isAsked = true;
            signal.addEventListener('abort', () => {
              isWithdrawn = true;
              resolve({ action: 'cancel' });
            });
          }),
        era,
      );
      const controller = new AbortController();
      const args = { alert_ids: [openAlerts(own)[0]?._id] };
      const call = client.call(CLOSE, args, { signal: controller.signal });
      await expect.poll(() => isAsked).toBe(true);
      controller.abort('enough');
      await expect(call).rejects.toThrow();
      await expect.poll(() => isWithdrawn).toBe(true);
      expect(own.requests.every(({ effect }) => effect === 'read')).toBe(true);
    }));

  test('who subscribes to a resource hears of its changes, until it unsubscribes', () =>
    withServer(
      async (server, own) => {
        const client = await server.connect(undefined, era);
        const heard: string[] = [];
        const uri = 'mdca://alerts/open';
        const end = await client.listen(uri, (changed) => heard.push(changed));
        const [alert] = openAlerts(own);
        if (alert) alert.resolutionStatusValue = 2;
        await expect.poll(() => heard).toEqual([uri]);
        await end();
      },
      { MDCA_POLL_SECONDS: '5' },
    ));

  test('resources, prompts and completions are there, and errors say what is wrong', () =>
    withServer(async (server, own) => {
      const client = await server.connect(undefined, era);
      const uris = await client.resourceUris();
      expect(uris.length).toBeGreaterThan(1);
      for (const uri of uris) expect(await client.read(uri)).toHaveLength(1);
      const uri = `mdca://alerts/${openAlerts(own)[0]?._id}`;
      expect(await client.read(uri)).toMatchObject([{ uri }]);
      expect((await client.promptNames()).length).toBeGreaterThan(1);
      expect((await client.complete('mdca://alerts/{alert_id}', 'alert_id')).length).toBeGreaterThan(1);
      await expect(client.read('mdca://nothing')).rejects.toMatchObject({ code: era.noSuchResource });
      await expect(client.getPrompt('nothing')).rejects.toMatchObject({ code: -32602 });
      own.fault({ kind: 'status', status: 403 });
      expect(await client.call('mdca_get_open_alerts')).toMatchObject({ isError: true });
    }));

  test('mdca-demo needs no tenant, and says in every answer that it is demo data', async () => {
    const server = await reach('mdca-demo');
    const client = await server.connect(undefined, era);
    expect(client.instructions).toMatch(/^DEMO DATA/);
    expect(client.server).toMatchObject({
      name: 'defender-cloud-apps',
      title: 'Microsoft Defender for Cloud Apps',
    });
    for (const { name } of tools) {
      for (const args of [argsFor(name), { nonsense: true }]) {
        const { content } = await client.call(name, args);
        expect(content).toMatchObject([{ text: expect.stringMatching(/^DEMO DATA/) }]);
      }
    }
    const [open] = await client.read('mdca://alerts/open');
    expect(open).toMatchObject({ text: expect.stringContaining('DEMO DATA') });
    await server.close();
  });
});

test.each(DOORS)(
  'a client of SDK v2 over %s chooses 2026-07-28 by itself, and can be told to be older',
  async (_door, reach) => {
    const server = await reach('mdca-demo');
    const auto = { ...MODERN, connect: (place: Place) => connectModern('auto', place) };
    const old = { ...LEGACY, connect: (place: Place) => connectModern('legacy', place) };
    for (const era of [auto, old]) {
      const client = await server.connect(undefined, era);
      expect((await client.call('mdca_get_open_alerts', { limit: 1 })).isError).toBeFalsy();
      await expect(client.read('mdca://nothing')).rejects.toMatchObject({ code: -32_602 });
      expect(client.revision).toBe(era === auto ? '2026-07-28' : '2025-11-25');
    }
    await server.close();
  },
);

describe('over stdio', () => {
  test('garbage and an unknown request before initialize do no harm, and stdout holds JSON-RPC only', async () => {
    const running = start([], tenant());
    running.send('this is no JSON');
    for (const line of ['{"jsonrpc":"2.0"}', 'null', '7', '"text"', '[]', '{}', '']) running.send(line);
    running.send({ jsonrpc: '2.0', id: 7, method: 'server/discover', params: {} });
    running.send(INITIALIZE);
    running.send(callOf(2, 'mdca_get_open_alerts', { limit: 1 }));
    await answered(running, 2);
    expect(messagesOf(running).find(({ id }) => id === 7)?.error?.code).toBe(-32602);
    running.child.stdin.end();
    expect(await running.ended).toBe(0);
    expectJsonLog(running);
  });

  test('lines may come in pieces, several at once, and with the line ends of Windows', async () => {
    const running = start([], tenant());
    const call = callOf(2, 'mdca_get_öpen_alerts');
    const bytes = Buffer.from(`${JSON.stringify(INITIALIZE)}\r\n${JSON.stringify(call)}\n`);
    const cut = bytes.indexOf('ö') + 1;
    running.child.stdin.write(bytes.subarray(0, cut));
    await answered(running, 1);
    running.child.stdin.write(bytes.subarray(cut));
    await answered(running, 2);
    expect(messagesOf(running).find(({ id }) => id === 2)?.error).toMatchObject({
      message: expect.stringContaining('mdca_get_\\u00f6pen_alerts'),
    });
    running.child.stdin.end();
    expect(await running.ended).toBe(0);
    expectJsonLog(running);
  });

  test('a line of more than 10 MiB ends the server before it fills the memory', async () => {
    const running = start([], tenant());
    running.send(INITIALIZE);
    await answered(running, 1);
    running.child.stdin.on('error', () => {}).write('x'.repeat(11 * 1024 * 1024));
    expect(await running.ended).toBe(0);
    expectJsonLog(running);
  });

  test.each(['stdin', 'SIGTERM', 'SIGINT'] as const)('ends within 2 s of %s with a call in flight', async (how) => {
    const own = await createEmulator();
    own.fault({ kind: 'hang', times: 0 });
    const running = start([], { MDCA_API_URL: own.url, MDCA_API_TOKEN: own.token });
    running.send(INITIALIZE);
    running.send(callOf(2, 'mdca_get_open_alerts'));
    await expect.poll(() => own.requests.length).toBe(1);
    const asked = performance.now();
    if (how === 'stdin') running.child.stdin.end();
    else running.child.kill(how);
    expect(await running.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(2_000);
    expectJsonLog(running);
    await own.close();
  });

  test.each([0, ''])('a call of id %j that is cancelled withdraws its question to the person', async (callId) => {
    const own = await createEmulator({ callsPerMinute: 0 });
    const running = start([], { MDCA_API_URL: own.url, MDCA_API_TOKEN: own.token });
    const open = own.state.alerts.find((alert) => alert.resolutionStatusValue === 0 && alert.severityValue === 1);
    running.send({ ...INITIALIZE, params: { ...INITIALIZE.params, capabilities: { elicitation: {} } } });
    running.send({ ...callOf(0, 'mdca_close_alert_benign', { alert_ids: [open?._id] }), id: callId });
    const received = (method: string) =>
      messagesOf(running).find((message) => Reflect.get(message, 'method') === method);
    await expect.poll(() => received('elicitation/create')).toBeDefined();
    const id = received('elicitation/create')?.id;
    running.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: callId } });
    await expect.poll(() => received('notifications/cancelled')).toMatchObject({ params: { requestId: id } });
    running.send({ jsonrpc: '2.0', id, result: { action: 'accept', content: { phrase: 'close 1' } } });
    running.child.stdin.end();
    expect(await running.ended).toBe(0);
    expect(open?.resolutionStatusValue).toBe(0);
    await own.close();
  });

  test('requests that came before stdin ended are still answered', async () => {
    const running = start([], tenant());
    for (const message of [INITIALIZE, callOf(2, 'mdca_get_open_alerts', { limit: 1 })]) running.send(message);
    running.child.stdin.end();
    expect(await running.ended).toBe(0);
    expect(messagesOf(running).map(({ id }) => id)).toEqual([1, 2]);
  });

  test('a question of revision 2026-07-28 is answered at another process, if that has the same key', async () => {
    const own = await createEmulator({ callsPerMinute: 0 });
    const folder = mkdtempSync(join(tmpdir(), 'key-'));
    const key = join(folder, 'key');
    writeFileSync(key, 'k'.repeat(32));
    const environment = { MDCA_API_URL: own.url, MDCA_API_TOKEN: own.token };
    const [id] = openIds(own.state.alerts, 1);
    const call = async (env: Record<string, string>, more: object = {}) => {
      const running = start([], { ...environment, ...env });
      const params = { name: 'mdca_close_alert_benign', arguments: { alert_ids: [id] }, ...more };
      running.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { ...params, _meta: metaOf(ASKS) } });
      await answered(running, 1);
      running.child.stdin.end();
      expect(await running.ended).toBe(0);
      return messagesOf(running)[0] ?? {};
    };
    const signed = { MDCA_SIGNING_KEY_FILE: key };
    const { requestState, agreed } = questionOf(await call(signed));
    const again = { requestState, inputResponses: agreed };
    expect(await call({}, again)).toMatchObject({ error: { code: -32602 } });
    expect(await call(signed, again)).toMatchObject({ result: { structuredContent: { status: 'closed' } } });
    rmSync(folder, { recursive: true });
    await own.close();
  });

  test('a subscription of revision 2026-07-28 is answered on SIGTERM', async () => {
    const running = start([], tenant());
    const notifications = { resourceSubscriptions: ['mdca://alerts/open'] };
    const params = { notifications, _meta: metaOf() };
    running.send({ jsonrpc: '2.0', id: 9, method: 'subscriptions/listen', params });
    await expect.poll(() => running.stdout()).toContain('notifications/subscriptions/acknowledged');
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(messagesOf(running).at(-1)).toMatchObject({ id: 9, result: { resultType: 'complete' } });
  });

  test.each<[string, object]>([
    ['only the revision', {}],
    ['null for the rest', { 'io.modelcontextprotocol/clientCapabilities': null, progressToken: {} }],
    ['other params', { name: 7, arguments: 'x' }],
  ])('a client of an unknown revision that sends %s is told which one is served', async (_what, given) => {
    const running = start(['--demo']);
    const { name, arguments: args, ...meta } = { name: undefined, arguments: undefined, ...given };
    const _meta = { 'io.modelcontextprotocol/protocolVersion': '2099-01-01', ...meta };
    for (const [id, method] of ['server/discover', 'tools/call', 'tools/begin', 'subscriptions/listen'].entries()) {
      running.send({ jsonrpc: '2.0', id, method, params: { name, arguments: args, _meta } });
    }
    running.child.stdin.end();
    expect(await running.ended).toBe(0);
    const data = { supported: ['2026-07-28'], requested: '2099-01-01' };
    expect(messagesOf(running)).toMatchObject([0, 1, 2, 3].map((id) => ({ id, error: { code: -32_022, data } })));
  });

  test('one connection carries both eras in turn, with the same ids', async () => {
    const running = start(['--demo']);
    const listOf = (id: number, params: object = {}) => ({ jsonrpc: '2.0', id, method: 'tools/list', params });
    running.send(INITIALIZE);
    await answered(running, 1);
    for (const [index, params] of [{ _meta: metaOf() }, {}, { _meta: metaOf() }, { _meta: {} }].entries()) {
      running.send(listOf(2, params));
      await expect.poll(() => messagesOf(running)).toHaveLength(index + 2);
    }
    const [, ...lists] = messagesOf(running);
    expect(lists.map(({ result }) => result?.resultType)).toEqual(['complete', undefined, 'complete', undefined]);
    running.child.stdin.end();
    expect(await running.ended).toBe(0);
  });

  test('a cancelled id ends every subscription that has it', async () => {
    const running = start(['--demo']);
    const params = { notifications: { resourceSubscriptions: ['mdca://alerts/open'] }, _meta: metaOf() };
    const listens = { jsonrpc: '2.0', id: 9, method: 'subscriptions/listen', params };
    for (const message of [listens, listens]) running.send(message);
    await expect.poll(() => messagesOf(running)).toHaveLength(2);
    running.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 9 } });
    running.send({ ...listens, id: 10 });
    await expect.poll(() => messagesOf(running)).toHaveLength(3);
    // What is still open is answered now.
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(messagesOf(running).slice(3)).toMatchObject([{ id: 10, result: { resultType: 'complete' } }]);
  });

  test('a client that closes stdout does not make it crash', async () => {
    const running = start(['--demo']);
    running.send(INITIALIZE);
    await answered(running, 1);
    running.child.stdout.destroy();
    for (let id = 2; id < 20; id++) running.send(callOf(id, 'mdca_get_open_alerts'));
    expect(await running.ended).toBe(0);
    expectJsonLog(running);
  });

  const requests = (method: string, times: number) =>
    Array.from({ length: times }, (_, id) => `${JSON.stringify({ jsonrpc: '2.0', id, method })}\n`).join('');

  test('a client that does not read its answers is left after a while, with 1', async () => {
    const running = start([], tenant());
    running.child.stdout.pause();
    running.child.stdin.write(requests('tools/list', 1_000));
    expect(await once(running.child, 'exit')).toEqual([1, null]);
    await expect.poll(() => running.stderr()).toContain('the client does not read its answers');
    expectJsonLog(running);
    running.child.stdout.destroy();
  });

  test('a client that begins to read late gets every answer', async () => {
    const running = start([], tenant());
    running.child.stdout.pause();
    running.child.stdin.end(requests('tools/list', 1_000));
    await new Promise((resolve) => setTimeout(resolve, 50));
    running.child.stdout.resume();
    expect(await running.ended).toBe(0);
    expect(messagesOf(running).map(({ id }) => id)).toEqual(Array.from({ length: 1_000 }, (_, id) => id));
  });

  test('several servers run side by side', async () => {
    const all = [start(['--demo']), start(['--demo']), start(['--demo'])];
    for (const running of all) running.send(INITIALIZE);
    await Promise.all(all.map((running) => answered(running, 1)));
    for (const running of all) running.child.stdin.end();
    expect(await Promise.all(all.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  });
});

describe('commands', () => {
  const run = async (args: readonly string[], environment?: Record<string, string>) => {
    const running = start(args, environment);
    running.child.stdin.end();
    return { code: await running.ended, stdout: running.stdout(), stderr: running.stderr() };
  };

  test('an incomplete configuration names each missing variable in one line, and exits with 2', async () => {
    const { code, stdout, stderr } = await run([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(stderr).message).toMatch(/MDCA_API_URL is not set.*MDCA_API_TOKEN is not set/);
  });

  test.each([
    [['--demo'], { MDCA_WRITE: 'off' }, 'did you mean MDCA_WRITES?'],
    [['--demo'], { MDCA_TOOLS: 'mdca_get_polcy' }, 'did you mean mdca_get_policy?'],
    [['--demos'], {}, 'did you mean --demo?'],
    [['chekc'], {}, 'did you mean check?'],
    [['--port', '--demo'], {}, '--port needs a value'],
    [[], { MDCA_API_URL: 'https://portal.cloudappsecurity.com.evil.example', MDCA_API_TOKEN: 'x' }, 'MDCA_ALLOW_HOSTS'],
    [['--port', '--demo'], {}, '--port needs a value'],
    [[], { MDCA_API_URL: 'http://contoso.us.portal.cloudappsecurity.com', MDCA_API_TOKEN: 'x' }, 'https'],
  ])('%j with %j stops the start and says %s', async (args, environment, hint) => {
    const { code, stdout, stderr } = await run(args, environment);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr).message).toContain(hint);
  });

  test('--help and --version print and exit with 0', async () => {
    expect(await run(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    });
    expect(await run(['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('MDCA_API_URL'),
      stderr: '',
    });
  });

  test('check prints what works, or what to do', async () => {
    const good = await run(['check', '--log-level', 'error'], tenant());
    expect(good).toMatchObject({ code: 0, stdout: expect.stringMatching(/^OK: .* lets it read alerts/) });
    const bad = await run(['check', '--log-level', 'error'], { ...tenant(), MDCA_API_TOKEN: 'revoked' });
    expect(bad).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^FAILED: .*\nunauthorized: .*\n(?:.*\n)*To do: /),
    });
  });

  test('check finds what would stop a server over HTTP, or every write', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'));
    const short = join(folder, 'short');
    writeFileSync(short, 'short');
    const check = (environment: Record<string, string>) =>
      run(['check', '--log-level', 'error'], { ...tenant(), MDCA_HTTP: '0', ...environment });
    for (const name of ['MDCA_HTTP_TOKEN_FILE', 'MDCA_HOOK_SECRET_FILE']) {
      expect(await check({ [name]: short })).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining(name),
      });
    }
    const trail = await check({ MDCA_AUDIT_FILE: join(short, 'audit.jsonl') });
    expect(trail).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^OK: .*\nAudit trail: FAILED\. .*refused\.$/ms),
    });
    expect(await check({ MDCA_AUDIT_FILE: join(folder, 'audit.jsonl') })).toMatchObject({ code: 0 });
    rmSync(folder, { recursive: true });
  });

  test('check --demo checks the demo tenant', async () => {
    expect(await run(['check', '--demo', '--log-level', 'error'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^OK/),
    });
  });

  test('emulator does not print a token of the environment, and says when its port is taken', async () => {
    const running = start(['emulator'], { MDCA_API_TOKEN: 'a-real-token' });
    await expect.poll(() => running.stdout()).toContain('MDCA_API_TOKEN');
    expect(running.stdout()).not.toContain('a-real-token');
    const port = /:(\d+)$/m.exec(running.stdout())?.[1] ?? '';
    const second = await run(['emulator', '--port', port]);
    expect(second).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`Port ${port} cannot be opened`),
    });
    running.child.kill('SIGTERM');
    await running.ended;
  });

  test('emulator prints the settings that reach it, and ends on SIGTERM', async () => {
    const running = start(['emulator']);
    await expect.poll(() => running.stdout()).toContain('MDCA_CALLS_PER_MINUTE=30\n');
    const settings = Object.fromEntries(
      running
        .stdout()
        .split('\n')
        .map((line) => line.split('=', 2)),
    );
    expect((await run(['check', '--log-level', 'error'], settings)).code).toBe(0);
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
  });
});
