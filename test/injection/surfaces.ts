import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import * as resourceRegister from '../../src/resources/index.ts';
import type { Tool } from '../../src/tool/tool.ts';
import { callTool, type Fixture, type FixtureOptions, type Person, textOf, tools, withFixture } from '../fixture.ts';
import { type Args, recordId } from '../samples.ts';
import { argumentsOf, urisOf, valuesIn, widestArgs } from './arguments.ts';
import { parsed } from './json.ts';
import { DEMO } from './records.ts';

/** What a client is given at once: words, a value, or both. */
export interface Reply {
  readonly text: string;
  readonly value?: unknown;
  readonly isError?: boolean;
}

/** A server with two clients: one that cannot ask, and one whose person declines. */
export interface Server {
  readonly fixture: Fixture;
  readonly asking: Client;
  /** The last question that was put, the form with it. */
  readonly lastQuestion: () => Reply;
  /** By tool: what an answer has handed out for the next call, while the tenant was empty. */
  readonly continuations: ReadonlyMap<string, Args>;
}

type Writes = 'confirm' | 'allow';
type Id = string | number;

/** One way in which records reach an agent or a person. */
export interface Surface {
  readonly name: string;
  readonly writes: Writes;
  /** Texts and numbers of its arguments or its address. */
  readonly named: ReadonlySet<string>;
  /** Reads and shows; else it may show nothing, as the answer of a write need not. */
  readonly isReading: boolean;
  /** @param ids of all the records that are there, for an argument that takes a list of such ids */
  ask(server: Server, ids?: readonly Id[]): Promise<Reply[]>;
}

export const resources = Object.values(resourceRegister);

/** Every tool and every resource that there is, each in every way in which it shows something. */
export const SURFACES: readonly Surface[] = [...tools.flatMap(surfacesOf), ...resources.flatMap(surfacesOfResource)];

function surfacesOf(tool: Tool): Surface[] {
  const { name, effect } = tool;
  const args = widestArgs(tool);
  const shared = { writes: 'confirm', named: new Set(valuesIn(args)), isReading: false } as const;
  if (effect === 'read') {
    return [
      { ...shared, name, isReading: true, ask: ({ fixture, continuations }) => readAll(fixture, tool, continuations) },
    ];
  }
  const call = (client: Client, ids?: readonly Id[]) => toolReply(client, name, withIds(tool, args, ids));
  return [
    { ...shared, name: `${name}, plan`, ask: async ({ fixture }, ids) => [await call(fixture.client, ids)] },
    {
      ...shared,
      name: `${name}, question`,
      ask: async ({ asking, lastQuestion }, ids) => [await call(asking, ids), lastQuestion()],
    },
    {
      ...shared,
      name: `${name}, done and done again`,
      writes: 'allow',
      ask: async ({ fixture }, ids) => [await call(fixture.client, ids), await call(fixture.client, ids)],
    },
  ];
}

function surfacesOfResource(resource: (typeof resources)[number]): Surface[] {
  return urisOf(resource)
    .slice(0, 1)
    .map((uri) => ({
      name: resource.uri,
      writes: 'confirm',
      named: new Set(uri.split('/').map(decodeURIComponent)),
      isReading: true,
      ask: async ({ fixture }) => [await resourceReply(fixture.client, uri)],
    }));
}

/** Most answers that are asked for to see all of a list. */
const MOST_ANSWERS = 20;

/** Page by page, where an answer hands out what the next call takes. */
async function readAll({ client }: Fixture, tool: Tool, continuations: Server['continuations']): Promise<Reply[]> {
  const replies: Reply[] = [];
  let next: Args = continuations.get(tool.name) ?? {};
  for (let n = 0; n < MOST_ANSWERS; n++) {
    const { structuredContent, ...result } = await callTool(client, tool.name, { ...widestArgs(tool), ...next });
    next = continuationIn(tool, structuredContent ?? {});
    const value = { ...structuredContent, ...Object.fromEntries(Object.keys(next).map((name) => [name, ''])) };
    replies.push({ text: textOf({ ...result }), value, isError: result.isError === true });
    if (Object.keys(next).length === 0 || structuredContent?.has_more !== true) break;
  }
  return replies;
}

/** Members of an answer that are named like an argument of the tool, such as a cursor. */
function continuationIn(tool: Tool, answer: Record<string, unknown>): Args {
  const members = Object.keys(argumentsOf(tool)).filter((name) => name in tool.output.shape);
  return Object.fromEntries(members.flatMap((name) => (name in answer ? [[name, answer[name]]] : [])));
}

/** Of each collection. */
const DEMO_IDS = Object.values(DEMO).map((records: readonly object[]) => new Set<unknown>(records.map(recordId)));

/** With the ids of the records that are there, where the tool takes a list of ids of such records. */
function withIds(tool: Tool, args: Args, ids: readonly Id[] | undefined): Args {
  if (!ids) return args;
  const isOfSame = (members: readonly unknown[]) =>
    DEMO_IDS.some((all) => members.every((member) => all.has(member)) && all.has(ids[0]));
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => {
      const most = argumentsOf(tool)[name]?.maxItems;
      return [name, Array.isArray(value) && isOfSame(value) ? ids.slice(0, most) : value];
    }),
  );
}

export async function toolReply(client: Client, name: string, args: object): Promise<Reply> {
  const result = await callTool(client, name, args);
  return { text: textOf(result), value: result.structuredContent, isError: result.isError === true };
}

async function resourceReply(client: Client, uri: string): Promise<Reply> {
  try {
    const { contents } = await client.readResource({ uri });
    return { text: '', value: contents.map((content) => ('text' in content ? parsed(content.text) : undefined)) };
  } catch (error) {
    if (error instanceof McpError) return { text: error.message, isError: true };
    throw error;
  }
}

/** Neither the calls of a server nor its answers are bounded, so that answers differ in their texts alone. */
export function unbounded(writes: string): FixtureOptions {
  return { environment: { MDCA_WRITES: writes, MDCA_CALLS_PER_MINUTE: '1000000', MDCA_ANSWER_TOKENS: '0' } };
}

export function withServer(writes: Writes, run: (server: Server) => Promise<void>): Promise<void> {
  return withFixture(async (fixture) => {
    let last: Reply = { text: '' };
    const person: Person = ({ message, requestedSchema }) => {
      last = { text: message, value: requestedSchema };
      return { action: 'decline' };
    };
    const asking = await fixture.connect(person);
    const lastQuestion = () => {
      const question = last;
      last = { text: '' };
      return question;
    };
    await run({ fixture, asking, lastQuestion, continuations: await continuationsIn(fixture) });
  }, unbounded(writes));
}

/** What each tool that reads hands out for its next call while the tenant is empty. */
export async function continuationsIn({ client, emulator }: Fixture): Promise<Server['continuations']> {
  const held = { ...emulator.state };
  for (const collection of Object.keys(held)) Object.assign(emulator.state, { [collection]: [] });
  const found = new Map<string, Args>();
  for (const tool of tools.filter(({ effect }) => effect === 'read')) {
    const { structuredContent = {} } = await callTool(client, tool.name, widestArgs(tool));
    found.set(tool.name, continuationIn(tool, structuredContent));
  }
  Object.assign(emulator.state, held);
  return found;
}
