import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { readConfig } from '../src/config/config.ts';
import { createLog } from '../src/core/log.ts';
import { createMetrics, meteredLog } from '../src/core/metrics.ts';
import { createEmulator, type Emulator } from '../src/emulator/emulator.ts';
import { createModernServer } from '../src/mcp/modern/server.ts';
import { type Door, type DoorOptions, openDoor } from '../src/mcp/transports/http/door.ts';
import { assemble, createClient, type Person, tools } from './fixture.ts';
import { INITIALIZE } from './process.ts';

/** The HTTP door in this process, before a real loopback service. */
export interface OpenDoor {
  readonly door: Door;
  readonly url: string;
  readonly emulator: Emulator;
  readonly logged: string[];
  /** A client of the SDK; `headers` sign it in. */
  connect(options?: ConnectOptions): Promise<Client>;
  /** Opens a second door with this key before the same app, as a restart or a replica would. */
  another(options?: Partial<DoorOptions>): Promise<Door>;
  /** Sends one message by POST. */
  post(message: unknown, headers?: Record<string, string>): Promise<Response>;
  /** The id of a new session. */
  begin(headers?: Record<string, string>, capabilities?: object, revision?: string): Promise<string>;
}

interface ConnectOptions {
  readonly headers?: Record<string, string>;
  readonly person?: Person;
  readonly url?: string;
}

export interface WithDoorOptions extends Partial<DoorOptions> {
  readonly environment?: Record<string, string>;
}

export const HOOK_SECRET = 'Canary-hook-secret-0123456789abcdef';
const KEY = Buffer.alloc(32, 7);
export const JSON_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

export async function withDoor(run: (open: OpenDoor) => Promise<void>, options: WithDoorOptions = {}): Promise<void> {
  const { environment, ...own } = options;
  const emulator = await createEmulator({ callsPerMinute: 0 });
  const logged: string[] = [];
  const metrics = createMetrics();
  const env = { MDCA_WRITES: 'confirm', MDCA_CALLS_PER_MINUTE: '100000', ...environment };
  const { app, methods, createServer } = assemble(emulator, env, logged, tools, metrics);
  const read = readConfig({ flags: { http: '0' }, environment: env, readFile: () => '' });
  if ('problems' in read || !read.value.http) throw new Error(JSON.stringify(read));
  const { http } = read.value;
  const plain = createLog('debug', (line) => logged.push(line));
  const log = meteredLog(plain, metrics);
  const servers = { legacy: createServer, modern: createModernServer(methods) };
  const hook = { secret: Buffer.from(HOOK_SECRET), deliver: app.deliver };
  const shown = { hook, metrics: metrics.text };
  const doors: Door[] = [];
  const another = async (changed: Partial<DoorOptions> = {}) => {
    const door = await openDoor({ http, ...servers, ...shown, signingKey: KEY, log, ...own, ...changed });
    doors.push(door);
    return door;
  };
  const door = await another();
  const clients: Client[] = [];
  const post: OpenDoor['post'] = (message, headers = {}) =>
    fetch(door.url, {
      method: 'POST',
      headers: { ...JSON_HEADERS, ...headers },
      body: typeof message === 'string' ? message : JSON.stringify(message),
    });
  try {
    await run({
      door,
      url: door.url,
      emulator,
      logged,
      another,
      post,
      async connect({ headers = {}, person, url = door.url } = {}) {
        const client = createClient(person);
        await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
        clients.push(client);
        return client;
      },
      async begin(headers, capabilities = {}, protocolVersion = '2025-11-25') {
        const params = { ...INITIALIZE.params, capabilities, protocolVersion };
        const response = await post({ ...INITIALIZE, params }, headers);
        await response.text();
        return response.headers.get('mcp-session-id') ?? '';
      },
    });
  } finally {
    for (const client of clients) await client.close();
    for (const each of doors) {
      each.end();
      await each.close();
    }
    await app.close();
    await emulator.close();
  }
}
