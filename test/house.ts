import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { createApp } from '../src/app.ts';
import { readConfig, readTenant } from '../src/config/config.ts';
import { createEmulator, type Emulator, type EmulatorOptions } from '../src/emulator/emulator.ts';
import { createLog } from '../src/log.ts';
import { selectTools } from '../src/surface.ts';
import type { Tool } from '../src/tool.ts';
import * as register from '../tools/index.ts';

export const tools: readonly Tool[] = Object.values(register);

/** The whole product in this process: a real client, the real server, a real loopback service. */
export interface House {
  readonly client: Client;
  readonly emulator: Emulator;
  /** Every line logged so far. */
  readonly logged: string[];
  call(name: string, args?: Record<string, unknown>): Promise<CallToolResult>;
  close(): Promise<void>;
}

export interface HouseOptions {
  environment?: Record<string, string>;
  emulator?: EmulatorOptions;
}

async function startHouse(options: HouseOptions = {}): Promise<House> {
  const emulator = await createEmulator({ callsPerMinute: 0, ...options.emulator });
  const logged: string[] = [];
  const app = openApp(emulator, options.environment ?? {}, logged);
  const client = new Client({ name: 'test', version: '1.0.0' });
  const [near, far] = wire();
  await Promise.all([app.createServer().connect(far), client.connect(near)]);
  // Listing first, as every client does: only then does the client check answers against the output schemas.
  await client.listTools();
  return {
    client,
    emulator,
    logged,
    call: async (name, args = {}) => (await client.callTool({ name, arguments: args })) as CallToolResult,
    async close() {
      await client.close();
      await app.close();
      await emulator.close();
    },
  };
}

/** Two linked transports that carry JSON, as every real one does: an undefined member does not arrive. */
function wire(): [InMemoryTransport, InMemoryTransport] {
  const ends = InMemoryTransport.createLinkedPair();
  for (const end of ends) {
    const send = end.send.bind(end);
    end.send = (message, options) => send(JSON.parse(JSON.stringify(message)), options);
  }
  return ends;
}

function openApp(emulator: Emulator, environment: Record<string, string>, logged: string[]) {
  const sources = {
    flags: {},
    environment: { MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token, ...environment },
    readFile: () => '',
  };
  const config = accepted(readConfig(sources));
  const log = createLog('debug', (line) => logged.push(line));
  const tenant = accepted(readTenant(sources));
  return createApp({ config, tenant, tools, allowed: accepted(selectTools(tools, config)), log, version: '0.0.0' });
}

function accepted<T>(checked: { value: T } | { problems: readonly string[] }): T {
  if ('problems' in checked) throw new Error(checked.problems.join('\n'));
  return checked.value;
}

/** Runs a test in a house of its own. */
export async function inHouse(run: (house: House) => Promise<void>, options?: HouseOptions): Promise<void> {
  const house = await startHouse(options);
  try {
    await run(house);
  } finally {
    await house.close();
  }
}

export function textOf(result: CallToolResult): string {
  return result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
}
