// The fixtures of the suite that the contracts of this project cannot express. They stand at the SDK's server: they go
// through the HTTP door, its sessions and streams, and the check of messages, but not through dispatch.
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CallToolRequestSchema,
  CreateMessageResultSchema,
  ElicitResultSchema,
  EmptyResultSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  type ServerNotification,
  type ServerRequest,
  type ServerResult,
  SetLevelRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { AUDIO, CHOICES, DEFAULTS, embedded, IMAGE, SCHEMA_2020_12, said } from './samples.ts';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;
type Handler = (request: unknown, extra: Extra) => Promise<ServerResult>;
type Arguments = Readonly<Record<string, unknown>>;

/** What the contracts of this project lack. */
const LACKS = {
  content: 'images, audio, binary data, and resources inside of answers',
  log: 'log messages to the client',
  model: "questions to the client's model",
  form: 'forms of more than one line of text',
  schema: 'schemas with references and conditions',
} as const;

/** One fixture: how it is listed, and what it answers. */
interface Raw {
  readonly lacks: keyof typeof LACKS;
  readonly face: object;
  answer(args: Arguments, extra: Extra): ServerResult | Promise<ServerResult>;
}

type Fixtures = Readonly<Record<string, Raw>>;

function tool(lacks: Raw['lacks'], answer: Raw['answer'], inputSchema: object = { type: 'object' }): Raw {
  return { lacks, face: { description: `Needs ${LACKS[lacks]}.`, inputSchema }, answer };
}

function form(requestedSchema: object): Raw {
  return tool('form', async (_args, { sendRequest }) => {
    const params = { message: 'Please fill in the form.', requestedSchema } as never;
    const answer = await sendRequest({ method: 'elicitation/create', params }, ElicitResultSchema);
    return { content: [said(`Answer: ${JSON.stringify(answer)}`)] };
  });
}

async function logThenAnswer(_args: Arguments, { sendNotification }: Extra): Promise<ServerResult> {
  for (const data of ['Started', 'Going on', 'Done']) {
    await sendNotification({ method: 'notifications/message', params: { level: 'info', data } });
  }
  return { content: [said('Done.')] };
}

const rawTools: Fixtures = {
  test_image_content: tool('content', () => ({ content: [IMAGE] })),
  test_audio_content: tool('content', () => ({ content: [AUDIO] })),
  test_embedded_resource: tool('content', () => ({ content: [embedded('test://embedded-resource')] })),
  test_multiple_content_types: tool('content', () => ({
    content: [said('A text'), IMAGE, embedded('test://mixed-content-resource')],
  })),
  test_tool_with_logging: tool('log', logThenAnswer),
  test_reconnection: tool('log', logThenAnswer),
  test_sampling: tool('model', async ({ prompt }, { sendRequest }) => {
    const messages = [{ role: 'user' as const, content: said(String(prompt)) }];
    const params = { messages, maxTokens: 100 };
    const { content } = await sendRequest({ method: 'sampling/createMessage', params }, CreateMessageResultSchema);
    return { content: [said(`Answer: ${JSON.stringify(content)}`)] };
  }),
  test_elicitation_sep1034_defaults: form(DEFAULTS),
  test_elicitation_sep1330_enums: form(CHOICES),
  json_schema_2020_12_tool: tool('schema', () => ({ content: [said('Done.')] }), SCHEMA_2020_12),
};

const binary = 'test://static-binary';
const rawResources: Fixtures = {
  [binary]: {
    lacks: 'content',
    face: { name: 'static-binary', mimeType: IMAGE.mimeType },
    answer: () => ({ contents: [{ uri: binary, mimeType: IMAGE.mimeType, blob: IMAGE.data }] }),
  },
};

const rawPrompts: Fixtures = {
  test_prompt_with_embedded_resource: {
    lacks: 'content',
    face: { description: 'Holds a resource.', arguments: [{ name: 'resourceUri', required: true }] },
    answer: ({ resourceUri }) => ({ messages: [{ role: 'user', content: embedded(String(resourceUri)) }] }),
  },
  test_prompt_with_image: {
    lacks: 'content',
    face: { description: 'Holds an image.' },
    answer: () => ({ messages: [{ role: 'user', content: IMAGE }] }),
  },
};

/** The names of the fixtures, by what the contracts lack. */
export const standIns = Object.entries(LACKS).map(([key, lacks]) => {
  const all = Object.entries({ ...rawTools, ...rawResources, ...rawPrompts });
  return { lacks, names: all.filter(([, raw]) => raw.lacks === key).map(([name]) => name) };
});

/** Puts the fixtures before the handlers of a server that is not connected yet. */
export function addRaw(server: Server): Server {
  const handlers: Map<string, Handler> = Reflect.get(server, '_requestHandlers');
  const behind = (method: string) =>
    handlers.get(method) ?? (() => Promise.reject(new Error(`no handler of ${method}`)));
  const [listTools, callTool] = [behind('tools/list'), behind('tools/call')];
  server.setRequestHandler(ListToolsRequestSchema, async (request, extra) => {
    const { tools } = (await listTools(request, extra)) as { tools: object[] };
    return { tools: [...tools, ...named(rawTools)] };
  });
  server.setRequestHandler(CallToolRequestSchema, async (request, extra) => {
    const { name, arguments: args = {} } = request.params;
    return rawTools[name]?.answer(args, extra) ?? callTool(request, extra);
  });
  const [listResources, readResource] = [behind('resources/list'), behind('resources/read')];
  server.setRequestHandler(ListResourcesRequestSchema, async (request, extra) => {
    const { resources } = (await listResources(request, extra)) as { resources: object[] };
    const more = Object.entries(rawResources).map(([uri, { face }]) => ({ uri, ...face }));
    return { resources: [...resources, ...more] } as never;
  });
  server.setRequestHandler(
    ReadResourceRequestSchema,
    async (request, extra) => rawResources[request.params.uri]?.answer({}, extra) ?? readResource(request, extra),
  );
  const [listPrompts, getPrompt] = [behind('prompts/list'), behind('prompts/get')];
  server.setRequestHandler(ListPromptsRequestSchema, async (request, extra) => {
    const { prompts } = (await listPrompts(request, extra)) as { prompts: object[] };
    return { prompts: [...prompts, ...named(rawPrompts)] };
  });
  server.setRequestHandler(GetPromptRequestSchema, async (request, extra) => {
    const { name, arguments: args = {} } = request.params;
    return rawPrompts[name]?.answer(args, extra) ?? getPrompt(request, extra);
  });
  server.registerCapabilities({ logging: {} });
  server.setRequestHandler(SetLevelRequestSchema, async () => EmptyResultSchema.parse({}));
  return server;
}

function named(fixtures: Fixtures) {
  return Object.entries(fixtures).map(([name, { face }]) => ({ name, ...face })) as never[];
}
