import { expect } from 'vitest';
import { callOf, INITIALIZE, messagesOf, type Running, start } from '../process.ts';
import { SECRET, type StandIns } from './stand_ins.ts';

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

export function createServers(stand: StandIns): Servers {
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
      for (const form of formsOf(SECRET)) expect(written).not.toContain(form);
      expect(written).not.toMatch(/CanarySignature|PRIVATE KEY/);
      for (const token of stand.issued) {
        const [, payload = '', signature = ''] = token.split('.');
        const own = signature.slice('CanarySignature'.length);
        const forms = [payload, own, Buffer.from(own).toString('hex'), ...formsOf(token), ...formsOf(signature)];
        for (const form of forms) expect(written).not.toContain(form);
      }
    },
    reset() {
      for (const { child } of running.splice(0)) child.kill('SIGKILL');
      stand.reset();
    },
  };
  return servers;
}

/** How a gateway may echo it. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = (['base64', 'base64url', 'hex'] as const).map((encoding) => bytes.toString(encoding));
  // As URLSearchParams write it.
  const form = new URLSearchParams({ secret }).toString().slice('secret='.length);
  return [secret, ...encoded, bytes.toString('hex').toUpperCase(), encodeURIComponent(secret), form];
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
