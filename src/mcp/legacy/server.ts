import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { Methods } from '../methods.ts';
import type { Outcome, Refusal } from '../outcome.ts';
import { prepare } from '../prepared.ts';
import { withheld } from '../withheld.ts';
import { createCheckedTransport } from './checked_transport.ts';
import { callerOf, createSession, type SessionFacts } from './session.ts';
import { addSubscriptions } from './subscriptions.ts';

/** Creates the MCP server of one session, which a transport connects to a client. */
export type CreateLegacyServer = (facts?: SessionFacts) => Server;

/** @returns what creates servers for revisions 2024-11-05 to 2025-11-25. All share their lists. */
export function createLegacyServers(methods: Methods): CreateLegacyServer {
  const all = prepare(methods.listTools(true));
  const reads = prepare(methods.listTools(false));
  return (facts) => createLegacyServer(methods, (facts?.identity?.mayWrite ?? true) ? all : reads, facts);
}

function createLegacyServer(methods: Methods, tools: object, facts: SessionFacts | undefined): Server {
  const { serverInfo, capabilities, instructions } = methods;
  const server = new Server(serverInfo, { capabilities, instructions });
  const connect = server.connect.bind(server);
  server.connect = (transport) => {
    const send = transport.send.bind(transport);
    transport.send = (message, options) => send(withheld(message, methods.withhold), options);
    return connect(createCheckedTransport(transport));
  };
  const session = createSession(server, facts);
  server.setRequestHandler(ListToolsRequestSchema, () => tools);
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) =>
    resultOf(await methods.callTool(params.name, params.arguments, callerOf(extra, session))),
  );
  server.setRequestHandler(ListResourcesRequestSchema, () => methods.listResources());
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => methods.listResourceTemplates());
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, extra) =>
    resultOf(await methods.readResource(uri, callerOf(extra, session))),
  );
  addSubscriptions(server, async (uri, changed) => resultOf(await methods.subscribe(uri, changed)));
  server.setRequestHandler(ListPromptsRequestSchema, () => methods.listPrompts());
  server.setRequestHandler(GetPromptRequestSchema, async ({ params }) =>
    resultOf(await methods.getPrompt(params.name, params.arguments)),
  );
  server.setRequestHandler(CompleteRequestSchema, ({ params: { ref, argument } }, extra) => {
    const owner = ref.type === 'ref/prompt' ? ref.name : ref.uri;
    return methods.complete({ owner, argument: argument.name, value: argument.value }, callerOf(extra, session));
  });
  return server;
}

/** The protocol's code for an unknown resource (specification 2025-11-25) is not among the SDK's. */
const CODES = {
  invalid: ErrorCode.InvalidParams,
  no_such_resource: -32_002,
  internal: ErrorCode.InternalError,
} as const satisfies Record<Refusal['kind'], number>;

/** @throws McpError for a refusal */
function resultOf<Result>(outcome: Outcome<Result>): Result {
  if ('result' in outcome) return outcome.result;
  const { kind, message, data } = outcome.refusal;
  throw new McpError(CODES[kind], message, data);
}
