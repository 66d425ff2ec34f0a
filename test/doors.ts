import { expect } from 'vitest';
import { type Era, type EraClient, LEGACY, type Place } from './era_clients.ts';
import type { Person } from './fixture.ts';
import { ROOT, serverOf, start } from './process.ts';
import { hasParts } from './redis/parts.ts';
import { startBehindNginx } from './redis/replicas.ts';

/** A built server that real clients reach in one of the two ways. */
export interface Reached {
  connect(person?: Person, era?: Era): Promise<EraClient>;
  /** Closes the clients, and ends the server. */
  close(): Promise<void>;
}

type Environment = Record<string, string>;

/** Starts a server as `mcp.json` does. Over stdio, each client starts its own. */
export type Reach = (key: 'mdca' | 'mdca-demo', environment?: Environment) => Promise<Reached>;

/** Every way in which clients reach the server. */
export const DOORS: readonly (readonly [string, Reach])[] = [
  ['stdio', async (key, env = {}) => reached({ ...serverOf(key), cwd: ROOT, env, stderr: 'ignore' })],
  [
    'http',
    async (key, env = {}) => {
      const running = start([...serverOf(key).args.slice(1), '--http', '0'], env);
      await expect.poll(() => running.stderr()).toContain('"serving"');
      const { url } = JSON.parse(running.stderr().split('\n', 1).join());
      const { connect, close } = reached(new URL(url));
      return {
        connect,
        async close() {
          await close();
          running.child.kill('SIGTERM');
          expect(await running.ended).toBe(0);
          expect(running.stdout()).toBe('');
        },
      };
    },
  ],
  // test/redis/replicas.test.ts says what is missing where this is left out.
  ...(hasParts(['redis-server', 'nginx']) ? [['nginx before two replicas', behindNginx] as const] : []),
];

/** Each replica of the demo has a tenant of its own, so there is one of them. */
async function behindNginx(key: 'mdca' | 'mdca-demo', env: Environment = {}): Promise<Reached> {
  const behind = await startBehindNginx(env, { key, count: key === 'mdca' ? 2 : 1 });
  const { connect, close } = reached(new URL(behind.url));
  return {
    connect,
    async close() {
      await close();
      await behind.close();
    },
  };
}

function reached(place: Place): Reached {
  const clients: EraClient[] = [];
  return {
    async connect(person, era = LEGACY) {
      const client = await era.connect(place, person);
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) await client.close();
    },
  };
}
