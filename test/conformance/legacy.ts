// Fixtures of the revisions up to 2025-11-25 that ask the client for what no tool of this project asks it for. They
// stand before the SDK's server, so they go through the door, its sessions and streams, and the check of messages.
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  CallToolRequestSchema,
  CreateMessageResultSchema,
  ElicitResultSchema,
  type ServerNotification,
  type ServerRequest,
  type ServerResult,
} from '@modelcontextprotocol/sdk/types.js';
import { createLegacyServers } from '../../src/mcp/legacy/server.ts';
import type { Methods } from '../../src/mcp/methods.ts';
import { type Note, said } from './blocks.ts';
import { CHOICES, DEFAULTS } from './forms.ts';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;
type Fixture = (args: Readonly<Record<string, unknown>>, extra: Extra) => Promise<ServerResult>;

const fixtures: Readonly<Record<string, Fixture>> = {
  test_tool_with_logging: logs,
  test_reconnection: logs,
  async test_sampling({ prompt }, { sendRequest }) {
    const messages = [{ role: 'user' as const, content: said(String(prompt)) }];
    const params = { messages, maxTokens: 100 };
    return answer(await sendRequest({ method: 'sampling/createMessage', params }, CreateMessageResultSchema));
  },
  test_elicitation_sep1034_defaults: asks(DEFAULTS),
  test_elicitation_sep1330_enums: asks(CHOICES),
};

export const NEED_LEGACY = Object.keys(fixtures);

/** As `createLegacyServers`, with the fixtures. */
export function legacyServers(methods: Methods, note: Note): ReturnType<typeof createLegacyServers> {
  const capabilities = { ...methods.capabilities, logging: {} };
  const create = createLegacyServers({ ...methods, capabilities });
  return (facts) => withFixtures(create(facts), note);
}

function withFixtures(server: Server, note: Note): Server {
  const handlers: Map<string, (request: unknown, extra: Extra) => Promise<ServerResult>> = Reflect.get(
    server,
    '_requestHandlers',
  );
  const callTool = handlers.get('tools/call');
  if (!callTool) throw new Error('the SDK keeps its handlers elsewhere');
  server.setRequestHandler(CallToolRequestSchema, async (request, extra) => {
    const { name, arguments: args = {} } = request.params;
    const fixture = fixtures[name];
    if (!fixture) return callTool(request, extra);
    note(name);
    return fixture(args, extra);
  });
  return server;
}

async function logs(_args: unknown, { sendNotification }: Extra): Promise<ServerResult> {
  for (const data of ['Started', 'Going on', 'Done']) {
    await sendNotification({ method: 'notifications/message', params: { level: 'info', data } });
  }
  return answer('Done.');
}

function asks(requestedSchema: object): Fixture {
  return async (_args, { sendRequest }) => {
    const params = { message: 'Please fill in the form.', requestedSchema } as never;
    return answer(await sendRequest({ method: 'elicitation/create', params }, ElicitResultSchema));
  };
}

function answer(value: unknown): ServerResult {
  return { content: [said(JSON.stringify(value))] };
}
