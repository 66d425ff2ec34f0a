import { randomUUID } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { McpRequest } from '../../src/mcp/transports/http/mcp_request.ts';
import { createAnswerer } from '../../src/mcp/transports/replicas/answer_relayed.ts';
import { createPostOffice } from '../../src/mcp/transports/replicas/post_office.ts';
import { createRelay } from '../../src/mcp/transports/replicas/relay.ts';
import { createSealed } from '../../src/mcp/transports/replicas/sealed.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { freePort } from '../free_port.ts';
import { createLinks, describeWith, type RealRedis, startRedis } from './parts.ts';

const keyOf = createKeys('mdca:', 'https://tenant.example');
const KEY = Buffer.alloc(32, 7);

/** A way to Redis on which what Redis says can be swallowed, while the connection stays. */
async function startWay(url: string) {
  const sockets: Socket[] = [];
  const way = { url: '', isMute: false, close: () => {} };
  const server = createServer((socket) => {
    const redis = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('data', (data) => redis.write(data)).on('error', () => {});
    redis.on('data', (data) => way.isMute || socket.write(data)).on('error', () => {});
    socket.on('close', () => redis.destroy());
    redis.on('close', () => socket.destroy());
    sockets.push(socket);
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  way.url = `redis://127.0.0.1:${port}`;
  way.close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return way;
}

describeWith(['redis-server'], 'a request that another replica answers', () => {
  let redis: RealRedis;
  const links = createLinks();
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    links.close();
    redis.signal('SIGCONT');
    await redis.close();
  });

  /** A replica whose route notes the bodies that it is asked to answer. */
  async function startReplica(answer: (body: string) => Response | Promise<Response>, url = redis.url) {
    const own = randomUUID();
    const link = await links.open(url);
    const office = createPostOffice(link, keyOf, createSealed(KEY), own);
    const relay = createRelay(office, own);
    const done: string[] = [];
    const route = async ({ text }: McpRequest) => {
      const body = (await text()) ?? '';
      done.push(body);
      return answer(body);
    };
    const answerer = createAnswerer({ POST: route, GET: route, DELETE: route }, office);
    office.listen((message) => {
      if (message.kind === 'request') answerer.receive(message);
      else if (message.kind === 'ready') relay.go(message.call, message.nonce);
      else if (message.kind === 'go') void answerer.answer(message.nonce);
      else if (message.kind === 'cancel') answerer.cancel(message.call);
      else if (message.kind === 'open') answerer.sayIfOver(message.call, message.from);
      else if (message.kind === 'over') relay.lose(message.call);
      else relay.take(message);
    });
    await link.serverRun();
    await expect.poll(() => link.listeners(keyOf('replica2', own))).toBe(1);
    const ask = (replica: string, body: string) =>
      relay.ask(replica, 'POST', {
        headers: new Headers({ accept: 'application/json' }),
        identity: undefined,
        text: async () => body,
        gone: () => new AbortController().signal,
      });
    return { own, done, ask };
  }
  const echo = (body: string) => new Response(`${body}!`);
  const textOf = async (answer: Response | 'gone') => (answer === 'gone' ? answer : answer.text());

  test('is answered once, of 50 at a time each its own, whoever says all of it again or to another', async () => {
    const [one, other, third] = [await startReplica(echo), await startReplica(echo), await startReplica(echo)];
    const listener = new Redis(redis.url);
    const heard: [string, string][] = [];
    listener.on('message', (channel, text) => heard.push([channel, text]));
    await listener.subscribe(...[one, other, third].map(({ own }) => keyOf('replica2', own)));
    const bodies = Array.from({ length: 50 }, (_, n) => `${n}`);
    const answers = await Promise.all(bodies.map(async (body) => textOf(await one.ask(other.own, body))));
    expect(answers).toEqual(bodies.map((body) => `${body}!`));
    listener.disconnect();
    for (const [channel, text] of heard) await redis.client.publish(channel, text);
    for (const { own } of [one, other, third]) {
      for (const [, text] of heard) await redis.client.publish(keyOf('replica2', own), text);
    }
    await delay(300);
    expect([one.done.length, other.done.length, third.done.length]).toEqual([0, 50, 0]);
    expect(await textOf(await one.ask(other.own, 'after'))).toBe('after!');
  }, 20_000);

  test.each([
    [1_500, 'mute'],
    [4_000, 'mute'],
    [1_500, 'stopped'],
    [4_000, 'stopped'],
    [9_000, 'stopped'],
  ])(
    'is answered once at the most, and not where it counts as not told, while for %d ms Redis is %s',
    async (ms, how) => {
      const way = await startWay(redis.url);
      const one = await startReplica(echo, way.url);
      const other = await startReplica(echo);
      const asked = Array.from({ length: 12 }, async (_, n) => {
        await delay(n * 30);
        return [`${n}`, await textOf(await one.ask(other.own, `${n}`)).catch(() => 'lost')] as const;
      });
      await delay(150);
      if (how === 'stopped') redis.signal('SIGSTOP');
      else way.isMute = true;
      await delay(ms);
      redis.signal('SIGCONT');
      way.isMute = false;
      const answers = new Map(await Promise.all(asked));
      await delay(1_500);
      expect(new Set(other.done).size).toBe(other.done.length);
      for (const [body, answer] of answers) if (answer === 'gone') expect(other.done).not.toContain(body);
      way.close();
    },
    60_000,
  );

  test('ends where its answer is lost on the way', async () => {
    const way = await startWay(redis.url);
    const one = await startReplica(echo, way.url);
    const other = await startReplica(async (body) => {
      way.isMute = true;
      await delay(500);
      return echo(body);
    });
    const asked = one.ask(other.own, 'x');
    await delay(1_000);
    way.isMute = false;
    const answer = await asked;
    expect(answer).toMatchObject({ status: 503 });
    expect(other.done).toEqual(['x']);
    way.close();
  }, 30_000);

  test('breaks off where its client does not read it', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent++;
        controller.enqueue(new Uint8Array(512 * 1024).fill(120));
      },
    });
    const one = await startReplica(echo);
    const other = await startReplica(() => new Response(endless));
    const answer = await one.ask(other.own, 'x');
    await delay(2_000);
    const before = sent;
    await delay(1_000);
    expect(sent).toBe(before);
    await expect(textOf(answer)).rejects.toThrow();
  }, 20_000);
});
