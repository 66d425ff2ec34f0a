// What people usually write for HTTP: Express as the SDK sets it up, and for each session an McpServer and a transport.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import process from 'node:process';
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import type { Tool } from '../../../src/tool/tool.ts';
import * as register from '../../../tools/index.ts';
import { nothing } from './nothing.ts';

const [port] = process.argv.slice(2);
const tools: readonly Tool[] = [...Object.values(register), nothing];
const transports = new Map<string, StreamableHTTPServerTransport>();

function createServer(): McpServer {
  const server = new McpServer({ name: 'usual', version: '1.0.0' });
  for (const { name, title, description, input, output } of tools) {
    server.registerTool(name, { title, description, inputSchema: input, outputSchema: output }, async () => {
      // Only the tool that does nothing is called.
      return { content: [{ type: 'text', text: 'status: done' }], structuredContent: { status: 'done' } };
    });
  }
  return server;
}

async function begin(): Promise<StreamableHTTPServerTransport> {
  const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => void transports.set(id, transport),
  });
  await createServer().connect(transport);
  return transport;
}

const app = createMcpExpressApp();
app.all('/mcp', async (req: IncomingMessage & { readonly body?: unknown }, res: ServerResponse) => {
  const known = transports.get(String(req.headers['mcp-session-id']));
  if (known) await known.handleRequest(req, res, req.body);
  else if (isInitializeRequest(req.body)) await (await begin()).handleRequest(req, res, req.body);
  else res.writeHead(404).end();
});
app.listen(Number(port), '127.0.0.1');
