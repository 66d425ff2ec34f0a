import { expect, test } from 'vitest';
import { JSON_HEADERS, type OpenDoor, withDoor } from '../../door.ts';
import { callOf } from '../../process.ts';

const STREAM = { accept: 'text/event-stream' };
const CLOSE = 'mdca_close_alert_benign';

interface Event {
  readonly id: string | undefined;
  readonly data: string;
}

/** Reads the events of an answer one after the other. */
function eventsOf(answer: Response) {
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    /** Undefined at the end. */
    async next(): Promise<Event | undefined> {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const lines = text.slice(0, end).split('\n');
          text = text.slice(end + 2);
          const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
          return { id: field('id'), data: field('data') ?? '' };
        }
        const { value, done } = (await reader?.read()) ?? { done: true };
        if (done) return undefined;
        text += value;
      }
    },
    leave: () => reader?.cancel(),
  };
}

const openId = ({ emulator }: OpenDoor) =>
  emulator.state.alerts.find(({ resolutionStatusValue }) => resolutionStatusValue === 0)?._id;

/** A call that asks a person, up to the question. */
async function ask(open: OpenDoor, revision = '2025-11-25') {
  const session = { 'mcp-session-id': await open.begin({}, { elicitation: {} }, revision) };
  const id = openId(open);
  const events = eventsOf(await open.post(callOf(2, CLOSE, { alert_ids: [id] }), session));
  const seen: Event[] = [];
  let question: { id: number; params: { message: string } } | undefined;
  while (!question) {
    const event = await events.next();
    if (!event) throw new Error('no question came');
    seen.push(event);
    if (event.data.includes('elicitation/create')) question = JSON.parse(event.data);
  }
  const phrase = /^Type "([^"]+)"/.exec(question.params.message)?.[1] ?? '';
  const accept = { jsonrpc: '2.0', id: question.id, result: { action: 'accept', content: { phrase } } };
  return { session, events, seen, accept, question };
}

test('a question comes as an event of the answer to its call, and the answer after it', () =>
  withDoor(async (open) => {
    const { session, events, seen, accept } = await ask(open);
    // The first event has an id and nothing else, so that the client can come back from the beginning.
    expect(seen[0]).toMatchObject({ id: expect.stringMatching(/-1\.0$/), data: '' });
    expect((await open.post(accept, session)).status).toBe(202);
    const answer = await events.next();
    expect(JSON.parse(answer?.data ?? '')).toMatchObject({
      id: 2,
      result: { structuredContent: { status: 'closed' } },
    });
    expect(await events.next()).toBeUndefined();
  }));

test('a client that has lost its connection takes the stream up again, and misses nothing', () =>
  withDoor(async (open) => {
    const { session, events, seen, accept } = await ask(open);
    await events.leave();
    expect((await open.post(accept, session)).status).toBe(202);
    await expect.poll(() => open.logged.join()).toContain(`"tool":"${CLOSE}","code":"ok"`);
    const resume = async (event: Event | undefined) =>
      eventsOf(await fetch(open.url, { headers: { ...STREAM, ...session, 'last-event-id': event?.id ?? '' } }));
    for (const [n, event] of seen.entries()) {
      const again = await resume(event);
      // The first is the empty one, which each connection begins with.
      const rest: (Event | undefined)[] = [];
      for (let next = await again.next(); next; next = await again.next()) if (next.data !== '') rest.push(next);
      expect(rest).toHaveLength(seen.length - n);
      expect(rest.at(-1)?.data).toContain('"status":"closed"');
    }
    const gone = { ...STREAM, ...session, 'last-event-id': 'nothing-9.1' };
    expect((await fetch(open.url, { headers: gone })).status).toBe(400);
  }));

test('in revision 2024-11-05, which cannot come back, events have no ids', () =>
  withDoor(async (open) => {
    const { seen, events } = await ask(open, '2024-11-05');
    expect(seen.every(({ id, data }) => id === undefined && data !== '')).toBe(true);
    await events.leave();
  }));

test('before revision 2025-11-25 no event is empty, because clients could not read it', () =>
  withDoor(async (open) => {
    const { seen, events } = await ask(open, '2025-06-18');
    expect(seen.every(({ id, data }) => id !== undefined && data !== '')).toBe(true);
    await events.leave();
  }));

test('an answer to a question of a process that has ended answers none of the next', () =>
  withDoor(async (open) => {
    const { session, accept, events } = await ask(open);
    await open.door.close();
    // What was asked there is over.
    while (await events.next().catch(() => undefined));
    const restarted = await open.another();
    const send = (message: object) =>
      fetch(restarted.url, { method: 'POST', headers: { ...JSON_HEADERS, ...session }, body: JSON.stringify(message) });
    const again = eventsOf(await send(callOf(2, CLOSE, { alert_ids: [openId(open)] })));
    let next = await again.next();
    while (next && !next.data.includes('elicitation/create')) next = await again.next();
    expect((await send(accept)).status).toBe(400);
    expect(open.emulator.requests.every(({ effect }) => effect === 'read')).toBe(true);
    await again.leave();
  }));

test('a client that reads no streams is not asked, and nothing is written', () =>
  withDoor(async (open) => {
    const session = { 'mcp-session-id': await open.begin({}, { elicitation: {} }) };
    const call = callOf(2, CLOSE, { alert_ids: [openId(open)] });
    const answer = await open.post(call, { ...session, accept: 'application/json' });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toMatchObject({
      result: {
        structuredContent: { status: 'declined', warning: expect.stringMatching(/could not put the question/) },
      },
    });
    expect(open.emulator.requests.every(({ effect }) => effect === 'read')).toBe(true);
  }));

test('a cancelled request gets no answer, and its connection ends', () =>
  withDoor(async ({ begin, post, emulator }) => {
    emulator.fault({ kind: 'hang', times: 0 });
    const session = { 'mcp-session-id': await begin() };
    const calls = [7, '7'].map((id) => post({ ...callOf(0, 'mdca_get_open_alerts'), id }, session));
    await expect.poll(() => emulator.requests.length).toBe(2);
    for (const requestId of ['7', 'unknown', 7]) {
      await post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } }, session);
    }
    for (const answer of await Promise.all(calls)) {
      expect(answer.status).toBe(202);
      expect(await answer.text()).toBe('');
    }
  }));

test('changes that came before the stream was opened, or between two connections, are told once', () =>
  withDoor(
    async ({ begin, post, url, emulator }) => {
      const session = { 'mcp-session-id': await begin() };
      const uri = 'mdca://alerts/open';
      await post({ jsonrpc: '2.0', id: 2, method: 'resources/subscribe', params: { uri } }, session);
      const asked = () => emulator.requests.length;
      const change = async () => {
        const alert = emulator.state.alerts.find(({ resolutionStatusValue }) => resolutionStatusValue === 0);
        if (alert) alert.resolutionStatusValue = 2;
        const before = asked();
        await expect.poll(asked).toBeGreaterThan(before);
      };
      await change();
      const listen = async () => eventsOf(await fetch(url, { headers: { ...STREAM, ...session } }));
      const first = await listen();
      const told = async (events: ReturnType<typeof eventsOf>) => {
        let next = await events.next();
        while (next?.data === '') next = await events.next();
        return JSON.parse(next?.data ?? 'null');
      };
      expect(await told(first)).toMatchObject({ method: 'notifications/resources/updated', params: { uri } });
      await first.leave();
      await change();
      const second = await listen();
      expect(await told(second)).toMatchObject({ method: 'notifications/resources/updated', params: { uri } });
      // A new connection takes the place of the one before.
      const third = await listen();
      expect((await second.next())?.data).toBeUndefined();
      await third.leave();
    },
    { environment: { MDCA_POLL_SECONDS: '5' } },
  ));
