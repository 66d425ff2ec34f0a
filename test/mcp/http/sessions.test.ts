import { expect, test } from 'vitest';
import { withDoor } from '../../door.ts';
import { callOf, INITIALIZE } from '../../process.ts';

const LIST = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
const of = (session: string) => ({ 'mcp-session-id': session });
const KEY_OF_ANOTHER = Buffer.alloc(32, 8);

test('initialize gives an id, by which the session goes on, after a restart and in another process too', () =>
  withDoor(async ({ begin, post, another, connect }) => {
    const session = await begin();
    expect((await post(LIST, of(session))).status).toBe(200);
    const restarted = await another();
    const client = await connect({ url: restarted.url });
    expect(client.getServerVersion()?.name).toBe('defender-cloud-apps');
    const answer = await fetch(restarted.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...of(session) },
      body: JSON.stringify(LIST),
    });
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { result: { tools: unknown[] } }).result.tools.length).toBeGreaterThan(20);
    const foreign = await another({ signingKey: KEY_OF_ANOTHER });
    const refused = await fetch(foreign.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...of(session) },
      body: JSON.stringify(LIST),
    });
    expect(refused.status).toBe(404);
  }));

test('what the client can do is known after a restart: a person is asked there', () =>
  withDoor(async ({ begin, another, emulator }) => {
    const session = await begin({}, { elicitation: {} });
    const restarted = await another();
    const open = emulator.state.alerts.find(({ resolutionStatusValue }) => resolutionStatusValue === 0);
    const answer = await fetch(restarted.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...of(session) },
      body: JSON.stringify(callOf(3, 'mdca_close_alert_benign', { alert_ids: [open?._id] })),
    });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('elicitation/create')) text += (await reader?.read())?.value ?? '';
    await reader?.cancel();
  }));

test.each([
  ['no id', 'x'],
  ['an id without its signature', ''],
  ['a record of our own making', `${Buffer.from('["a","","2025-11-25",true,"n","1",1]').toString('base64url')}.`],
])('%s is 404', (_what, forged) =>
  withDoor(async ({ begin, post }) => {
    const session = await begin();
    const [record = '', mac = ''] = session.split('.');
    const id = forged === '' ? record : forged.endsWith('.') ? forged + mac : forged;
    expect((await post(LIST, of(id))).status).toBe(404);
  }),
);

test('an id with one character changed is 404, wherever it is', () =>
  withDoor(async ({ begin, post }) => {
    const session = await begin();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // The last character has bits that Base64 passes over.
    for (const at of [...Array(session.length).keys()].filter((n) => n % 7 === 0).concat(session.length - 1)) {
      const other = alphabet[alphabet.indexOf(session[at] ?? '') ^ 1];
      const changed = session.slice(0, at) + other + session.slice(at + 1);
      expect((await post(LIST, of(changed))).status, `character ${at}`).toBe(404);
    }
    for (const added of ['=', 'A', '.', '.A', '.A.B']) {
      expect((await post(LIST, of(session + added))).status, added).toBe(404);
    }
  }));

test('a session that its client has deleted is 404', () =>
  withDoor(async ({ begin, post, url }) => {
    const session = await begin();
    expect((await fetch(url, { method: 'DELETE', headers: of(session) })).status).toBe(204);
    expect((await post(LIST, of(session))).status).toBe(404);
    expect((await fetch(url, { method: 'DELETE', headers: of(session) })).status).toBe(404);
  }));

test('a session that is idle for too long is 404', () =>
  withDoor(
    async ({ begin, post }) => {
      const session = await begin();
      await expect.poll(async () => (await post(LIST, of(session))).status, { interval: 40 }).toBe(404);
    },
    { limits: { idleMs: 20 } },
  ));

test('where there are too many, the one that has been idle longest leaves the memory, and goes on by its id', () =>
  withDoor(
    async ({ begin, post }) => {
      const sessions = [await begin(), await begin(), await begin(), await begin()];
      for (const session of sessions) expect((await post(LIST, of(session))).status).toBe(200);
    },
    { environment: { MDCA_HTTP_SESSIONS: '2' } },
  ));

test('where all are at work, a further one is refused, with the time after which to come again', () =>
  withDoor(
    async ({ begin, post, url }) => {
      const session = await begin();
      const stream = await fetch(url, { headers: { accept: 'text/event-stream', ...of(session) } });
      const refused = await post(INITIALIZE);
      expect(refused.status).toBe(429);
      expect(refused.headers.get('retry-after')).toBe('1');
      await stream.body?.cancel();
    },
    { environment: { MDCA_HTTP_SESSIONS: '1' } },
  ));

test('a call without an id is served as a session of one call; its code is good in the next', () =>
  withDoor(async ({ post, emulator }) => {
    const open = emulator.state.alerts.find(({ resolutionStatusValue }) => resolutionStatusValue === 0);
    const args = { alert_ids: [open?._id] };
    const call = async (more: object) => {
      const response = await post(callOf(1, 'mdca_close_alert_benign', { ...args, ...more }));
      expect(response.headers.get('mcp-session-id')).toBeNull();
      const { result } = (await response.json()) as { result: { structuredContent: Record<string, unknown> } };
      return result.structuredContent;
    };
    const planned = await call({});
    expect(planned).toMatchObject({ status: 'confirmation_required' });
    expect(await call({ confirm: planned.confirm })).toMatchObject({ status: 'closed' });
  }));

test.each([
  [
    'a subscription',
    { jsonrpc: '2.0', id: 1, method: 'resources/subscribe', params: { uri: 'mdca://alerts/open' } },
    {},
  ],
  ['a revision that is not known', LIST, { 'mcp-protocol-version': '2020-01-01' }],
])('%s without an id is 400', (_what, message, headers) =>
  withDoor(async ({ post, url }) => {
    expect((await post(message, headers)).status).toBe(400);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(400);
    expect((await fetch(url, { headers: { accept: 'text/event-stream' } })).status).toBe(400);
  }),
);
