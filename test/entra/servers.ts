import { afterAll, afterEach, expect } from 'vitest';
import { leaked } from '../leaked.ts';
import { callOf, INITIALIZE, messagesOf, type Running, start } from '../process.ts';
import { createStandIns, SECRET, type StandIns } from './stand_ins.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export const PATIENT = { timeout: 15_000 };
export const NO_SECRET = { AZURE_CLIENT_SECRET: undefined };

/** The built server as processes, each with what signs in by the client secret unless `environment` says otherwise. */
export interface Servers {
  begin(args: readonly string[], environment: Environment): Running;
  /** One that has been initialised. */
  serve(environment?: Environment, capabilities?: object): Promise<Running>;
  check(environment?: Environment): Promise<{ code: number | string; out: string; err: string }>;
  /** Nothing that the server has written holds a secret or a token. */
  expectNoCanary(server: Running): void;
  /** Ends all of them, and makes the stand-ins forget. */
  reset(): void;
}

/** Stand-ins for all tests of a file, which forget after each, and end after the last one. */
export async function useServers(): Promise<{ readonly stand: StandIns; readonly servers: Servers }> {
  const stand = await createStandIns();
  const servers = createServers(stand);
  afterEach(servers.reset);
  afterAll(stand.close);
  return { stand, servers };
}

function createServers(stand: StandIns): Servers {
  const running: Running[] = [];
  const servers: Servers = {
    begin(args, environment) {
      const given = Object.entries({ ...stand.environment, ...environment });
      const env = Object.fromEntries(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
      const server = start(args, env);
      running.push(server);
      return server;
    },
    async serve(environment = {}, capabilities = {}) {
      const server = servers.begin([], environment);
      server.send({ ...INITIALIZE, params: { ...INITIALIZE.params, capabilities } });
      server.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
      await expect.poll(() => messagesOf(server), PATIENT).toHaveLength(1);
      return server;
    },
    async check(environment = {}) {
      const server = servers.begin(['check'], environment);
      server.child.stdin.end();
      const code = await server.ended;
      servers.expectNoCanary(server);
      return { code, out: server.stdout(), err: server.stderr() };
    },
    expectNoCanary(server) {
      const written = server.stdout() + server.stderr();
      expect(written).not.toMatch(/CanarySignature|PRIVATE KEY/);
      const parts = stand.issued.flatMap((token) => {
        const [, payload = '', signature = ''] = token.split('.');
        return [token, payload, signature, signature.slice('CanarySignature'.length)];
      });
      expect(leaked(written, [SECRET, ...parts])).toEqual([]);
    },
    reset() {
      for (const { child } of running.splice(0)) child.kill('SIGKILL');
      stand.reset();
    },
  };
  return servers;
}

/** The text of the answer to a call. */
export async function answerTo(server: Running, id: number): Promise<string> {
  const found = () => messagesOf(server).find((message) => message.id === id && message.result);
  await expect.poll(found, PATIENT).toBeDefined();
  const { content = [] } = (found()?.result ?? {}) as { content?: { text: string }[] };
  return content.map(({ text }) => text).join('\n');
}

export async function call(server: Running, id: number, name: string, args = {}): Promise<string> {
  server.send(callOf(id, name, args));
  return answerTo(server, id);
}
