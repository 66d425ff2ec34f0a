import { Client as ModernClient, StreamableHTTPClientTransport as ModernHttp } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio';
import { StdioClientTransport, type StdioServerParameters } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  type CallToolResult,
  type ElicitRequestFormParams,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { createClient, type Person } from './fixture.ts';

/** What the end-to-end cases ask of a client, whichever SDK it is of. */
export interface EraClient {
  /** Of the protocol, as far as the SDK says it. */
  readonly revision: string | undefined;
  readonly instructions: string | undefined;
  readonly server: { readonly name: string; readonly title?: string | undefined } | undefined;
  toolNames(): Promise<string[]>;
  call(name: string, args?: object, options?: CallOptions): Promise<CallToolResult>;
  resourceUris(): Promise<string[]>;
  read(uri: string): Promise<{ uri: string }[]>;
  promptNames(): Promise<string[]>;
  getPrompt(name: string): Promise<object>;
  complete(uri: string, argument: string): Promise<string[]>;
  /** Resolves to what ends it. */
  listen(uri: string, heard: (uri: string) => void): Promise<() => Promise<unknown>>;
  close(): Promise<void>;
}

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { message?: string | undefined }) => void;
}

/** Where a server is: at a URL, or in a process that the client starts. */
export type Place = URL | (StdioServerParameters & { readonly stderr: 'ignore' });

/** A client, by the SDK and the era that it speaks. */
export interface Era {
  readonly name: string;
  /** The code of the error for a resource that does not exist. */
  readonly noSuchResource: number;
  connect(place: Place, person?: Person): Promise<EraClient>;
}

export const LEGACY: Era = { name: 'SDK v1', noSuchResource: -32_002, connect: connectLegacy };
export const MODERN: Era = {
  name: 'SDK v2 pinned to 2026-07-28',
  noSuchResource: -32_602,
  connect: (place, person) => connectModern({ pin: '2026-07-28' }, place, person),
};

async function connectLegacy(place: Place, person?: Person): Promise<EraClient> {
  const client = createClient(person);
  await client.connect(
    place instanceof URL ? new StreamableHTTPClientTransport(place) : new StdioClientTransport(place),
  );
  return {
    revision: undefined,
    instructions: client.getInstructions(),
    server: client.getServerVersion(),
    toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args = {}, options = {}) =>
      (await client.callTool({ name, arguments: { ...args } }, undefined, options)) as CallToolResult,
    resourceUris: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    read: async (uri) => (await client.readResource({ uri })).contents,
    promptNames: async () => (await client.listPrompts()).prompts.map(({ name }) => name),
    getPrompt: (name) => client.getPrompt({ name }),
    complete: async (uri, name) =>
      (await client.complete({ ref: { type: 'ref/resource', uri }, argument: { name, value: '' } })).completion.values,
    async listen(uri, heard) {
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => heard(params.uri));
      await client.subscribeResource({ uri });
      return () => client.unsubscribeResource({ uri });
    },
    close: () => client.close(),
  };
}

type Mode = 'auto' | 'legacy' | { readonly pin: string };

/** @param mode which era the client of SDK v2 asks for */
export async function connectModern(mode: Mode, place: Place, person?: Person): Promise<EraClient> {
  const client = new ModernClient(
    { name: 'test', version: '2.0.0' },
    { capabilities: person ? { elicitation: { form: {} } } : {}, versionNegotiation: { mode } },
  );
  if (person) {
    client.setRequestHandler('elicitation/create', ({ params }, { mcpReq }) =>
      person(params as ElicitRequestFormParams, mcpReq.signal),
    );
  }
  await client.connect(place instanceof URL ? new ModernHttp(place) : new ModernStdio(place));
  return {
    revision: client.getNegotiatedProtocolVersion(),
    instructions: client.getInstructions(),
    server: client.getServerVersion(),
    toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args = {}, options = {}) =>
      (await client.callTool({ name, arguments: { ...args } }, options)) as CallToolResult,
    resourceUris: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    read: async (uri) => (await client.readResource({ uri })).contents,
    promptNames: async () => (await client.listPrompts()).prompts.map(({ name }) => name),
    getPrompt: (name) => client.getPrompt({ name }),
    complete: async (uri, name) =>
      (await client.complete({ ref: { type: 'ref/resource', uri }, argument: { name, value: '' } })).completion.values,
    async listen(uri, heard) {
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => heard(params.uri));
      const subscription = await client.listen({ resourceSubscriptions: [uri] });
      return () => subscription.close();
    },
    close: () => client.close(),
  };
}
