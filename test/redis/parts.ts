import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect } from 'vitest';
import { openRedis, type RedisLink } from '../../src/redis/link.ts';
import { freePort } from '../free_port.ts';
import { callOf, messagesOf, type Running } from '../process.ts';
import { createTestLog } from '../writes/parts.ts';

/** Programs of the system that tests run for real, with what makes each say its version. */
const PARTS = { 'redis-server': '--version', nginx: '-v' } as const;
type Part = keyof typeof PARTS;

/** Another version of Redis, or Valkey, may be named in its place. */
const programOf = (part: Part) => (part === 'redis-server' ? (process.env.REDIS_SERVER ?? part) : part);

const PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
const has = (part: Part) => spawnSync(programOf(part), [PARTS[part]], { env: { PATH } }).error === undefined;

export const hasParts = (parts: readonly Part[]) => parts.every(has);

/** Tests that need programs of the system. Without them they are skipped, under a name that says what to install. */
export function describeWith(parts: readonly Part[], name: string, tests: () => void): void {
  const missing = parts.filter((part) => !has(part));
  if (missing.length === 0) describe(name, tests);
  else describe.skip(`${name} (skipped: apt-get install ${missing.join(' ')})`, tests);
}

/** A program of the system that runs until the test ends it. */
export function startPart(part: Part, args: readonly string[]): ChildProcess {
  return spawn(programOf(part), args, { env: { PATH }, stdio: 'ignore' });
}

/** A real Redis that keeps nothing over a restart. */
export interface RealRedis {
  readonly url: string;
  /** A connection of the test's own. */
  readonly client: Redis;
  kill(): Promise<void>;
  /** Stops it where it is, or lets it go on. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  start(): Promise<void>;
  close(): Promise<void>;
}

interface SignedIn {
  readonly host?: string;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: { readonly ca: string };
}

/** @param extra arguments; `options` are how the test's own connection signs in where these ask for it */
export async function startRedis(extra: readonly string[] = [], options: SignedIn = {}): Promise<RealRedis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const isTls = options.tls !== undefined;
  const ports = isTls ? ['--port', '0', '--tls-port', String(port)] : ['--port', String(port)];
  const args = [...ports, '--bind', '127.0.0.1', '--save', '', '--dir', folder, ...extra];
  const client = new Redis({
    port,
    lazyConnect: true,
    retryStrategy: () => 50,
    maxRetriesPerRequest: null,
    ...options,
  });
  client.on('error', () => {});
  let running: ChildProcess | undefined;
  const kill = async () => {
    const child = running;
    running = undefined;
    const ended = child && once(child, 'exit');
    child?.kill('SIGKILL');
    await ended;
  };
  const start = async () => {
    running = startPart('redis-server', args);
    await client.ping();
  };
  await start();
  return {
    url: `${isTls ? 'rediss' : 'redis'}://127.0.0.1:${port}`,
    client,
    kill,
    start,
    signal: (name) => void running?.kill(name),
    async close() {
      client.disconnect();
      await kill();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Connections of this process to Redis, as a server has them. */
export function createLinks() {
  const links: RedisLink[] = [];
  return {
    async open(url: string): Promise<RedisLink> {
      const link = await openRedis(url, createTestLog().log);
      links.push(link);
      return link;
    },
    close() {
      for (const link of links.splice(0)) link.close();
    },
  };
}

/** Calls a tool of a server over stdio. @returns the answer as JSON */
export async function callTool(server: Running, id: number, name: string, args: object): Promise<string> {
  server.send(callOf(id, name, args));
  const found = () => messagesOf(server).find((message) => message.id === id);
  await expect.poll(found, { timeout: 15_000 }).toBeDefined();
  return JSON.stringify(found()?.result);
}
