import { createHash } from 'node:crypto';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  type CallToolResult,
  type ElicitRequestFormParams,
  ElicitRequestSchema,
  type ElicitResult,
} from '@modelcontextprotocol/sdk/types.js';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import type {
  JsonSchemaType,
  JsonSchemaValidator,
  jsonSchemaValidator,
} from '@modelcontextprotocol/sdk/validation/types.js';
import { selectTools } from '../src/call/select_tools.ts';
import { type App, createApp } from '../src/cli/app.ts';
import { readConfig, readTenant } from '../src/config/config.ts';
import { createLog } from '../src/core/log.ts';
import { type Metrics, meteredLog } from '../src/core/metrics.ts';
import { createEmulator, type Emulator, type EmulatorOptions } from '../src/emulator/emulator.ts';
import { type CreateLegacyServer, createLegacyServers } from '../src/mcp/legacy/server.ts';
import { createMethods, type Methods } from '../src/mcp/methods.ts';
import { toListedTool } from '../src/mcp/tool_face.ts';
import * as promptRegister from '../src/prompts/index.ts';
import * as resourceRegister from '../src/resources/index.ts';
import { type Prompt, toPromptFace } from '../src/tool/prompt.ts';
import type { Resource } from '../src/tool/resource.ts';
import type { Tool } from '../src/tool/tool.ts';
import * as toolRegister from '../tools/index.ts';

export const tools: readonly Tool[] = Object.values(toolRegister);
const resources: readonly Resource[] = Object.values(resourceRegister);
const prompts: readonly Prompt[] = Object.values(promptRegister);

/** The whole product in this process: a real client, the real server, a real loopback service. */
export interface Fixture {
  readonly client: Client;
  readonly emulator: Emulator;
  readonly methods: Methods;
  /** Every line logged so far. */
  readonly logged: string[];
  call(name: string, args?: Record<string, unknown>): Promise<CallToolResult>;
  /** Opens a further session of the same server. */
  connect(person?: Person): Promise<Client>;
  close(): Promise<void>;
}

/** What the person at the client does with a question. */
export type Person = (question: ElicitRequestFormParams, signal: AbortSignal) => ElicitResult | Promise<ElicitResult>;

export interface FixtureOptions {
  /** MDCA_WRITES is `allow` unless set here, so that tests of what a write does need no confirmation. */
  environment?: Record<string, string>;
  emulator?: EmulatorOptions;
  /** Take the place of the registered tools. */
  tools?: readonly Tool[];
  /** With a person the client declares the capability `elicitation`. */
  person?: Person;
}

async function startFixture(options: FixtureOptions = {}): Promise<Fixture> {
  const emulator = await createEmulator({ callsPerMinute: 0, ordinaryWork: false, ...options.emulator });
  const logged: string[] = [];
  const environment = { MDCA_WRITES: 'allow', ...options.environment };
  const { app, methods, createServer } = assemble(emulator, environment, logged, options.tools ?? tools);
  const clients: Client[] = [];
  const connect = async (person?: Person) => {
    const client = await connectTo(createServer(), person);
    clients.push(client);
    return client;
  };
  const client = await connect(options.person);
  return {
    client,
    emulator,
    methods,
    logged,
    connect,
    call: (name, args) => callTool(client, name, args),
    async close() {
      for (const each of clients) await each.close();
      await app.close();
      await emulator.close();
    },
  };
}

/** All clients share the validators of output schemas, which take longer to compile than most tests. */
const validators = createValidators();

function createValidators(): jsonSchemaValidator {
  const provider = new AjvJsonSchemaValidator();
  const compiled = new Map<string, JsonSchemaValidator<unknown>>();
  return {
    getValidator<T>(schema: JsonSchemaType) {
      const key = JSON.stringify(schema);
      const validator = compiled.get(key) ?? provider.getValidator(schema);
      compiled.set(key, validator);
      return validator as JsonSchemaValidator<T>;
    },
  };
}

async function connectTo(server: Server, person: Person | undefined): Promise<Client> {
  const client = createClient(person);
  const [near, far] = linkedTransports();
  await Promise.all([server.connect(far), client.connect(near)]);
  // The SDK's client checks answers against the output schemas only after it has listed the tools.
  await client.listTools();
  return client;
}

/** A client of the SDK that can ask a person, if there is one. */
export function createClient(person?: Person): Client {
  const capabilities = person ? { elicitation: {} } : {};
  const options = { capabilities, jsonSchemaValidator: validators };
  const client = new Client({ name: 'test', version: '1.0.0' }, options);
  if (person) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }, { signal }) =>
      person(params as ElicitRequestFormParams, signal),
    );
  }
  return client;
}

/** Calls a tool, and checks its value by the strict schema, as the published one permits further members. */
export async function callTool(client: Client, name: string, args: object = {}): Promise<CallToolResult> {
  const result = (await client.callTool({ name, arguments: { ...args } })) as CallToolResult;
  if (!result.isError) tools.find((tool) => tool.name === name)?.output.parse(result.structuredContent);
  return result;
}

/** Two linked transports that carry JSON, as real ones do: an undefined member does not arrive. */
function linkedTransports(): [InMemoryTransport, InMemoryTransport] {
  const ends = InMemoryTransport.createLinkedPair();
  for (const end of ends) {
    const send = end.send.bind(end);
    end.send = (message, options) => send(JSON.parse(JSON.stringify(message)), options);
  }
  return ends;
}

/** The app before an emulator, and what creates a server of it for each session. */
export function assemble(
  emulator: Emulator,
  environment: Record<string, string>,
  logged: string[],
  tools: readonly Tool[],
  metrics?: Metrics,
): { app: App; methods: Methods; createServer: CreateLegacyServer } {
  const sources = {
    flags: {},
    environment: { MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token, ...environment },
    readFile: () => '',
  };
  const config = accepted(readConfig(sources));
  const plain = createLog('debug', (line) => logged.push(line));
  const log = metrics ? meteredLog(plain, metrics) : plain;
  const tenant = accepted(readTenant(sources));
  const allowed = accepted(selectTools(tools, config));
  const app = createApp({ config, tenant, tools, allowed, resources, prompts, log, metrics });
  const faces = { tools: tools.map(toListedTool), resources, prompts: prompts.map(toPromptFace) };
  const options = { version: '0.0.0', ...faces, allowed, service: async () => app };
  const methods = createMethods(options);
  return { app, methods, createServer: createLegacyServers(methods) };
}

function accepted<T>(checked: { value: T } | { problems: readonly string[] }): T {
  if ('problems' in checked) throw new Error(checked.problems.join('\n'));
  return checked.value;
}

/** Each collection of the tenant as a hash; comparing these is quick, and the difference of two names what changed. */
export function stateOf({ emulator }: Pick<Fixture, 'emulator'>): Record<string, string> {
  const hash = (records: unknown) => createHash('sha256').update(JSON.stringify(records)).digest('hex');
  return Object.fromEntries(Object.entries(emulator.state).map(([name, records]) => [name, hash(records)]));
}

/** Runs a test in a fixture of its own. */
export async function withFixture(run: (fixture: Fixture) => Promise<void>, options?: FixtureOptions): Promise<void> {
  const fixture = await startFixture(options);
  try {
    await run(fixture);
  } finally {
    await fixture.close();
  }
}

export function textOf(result: CallToolResult): string {
  return result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
}
