// What people usually write: McpServer, a registered tool for each operation, and global fetch. It is not bundled.
import process from 'node:process';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createRoutes } from '../../src/http/undocumented_routes.ts';
import type { Tool, ToolApi } from '../../src/tool/tool.ts';
import * as register from '../../tools/index.ts';

const [origin = ''] = process.argv.slice(2);
const headers = { accept: 'application/json', 'content-type': 'application/json', authorization: 'Token bench' };

const api: ToolApi = {
  origin,
  routes: createRoutes(),
  signal: new AbortController().signal,
  progress: () => {},
  ending: new AbortController().signal,
  answerTokens: 0,
  async read(path, schema, body) {
    const request = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(origin + path, request);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return schema.parse(await response.json());
  },
};

const tools: readonly Tool[] = Object.values(register);
const server = new McpServer({ name: 'plain', version: '1.0.0' });
for (const tool of tools) {
  const { name, title, description, input, output } = tool;
  server.registerTool(name, { title, description, inputSchema: input, outputSchema: output }, async (args) => {
    if (!('run' in tool)) return { isError: true, content: [{ type: 'text', text: 'Only what reads is measured.' }] };
    const value = await tool.run(args, api);
    const text = tool.text?.(value) ?? JSON.stringify(value);
    return { content: [{ type: 'text', text }], structuredContent: value };
  });
}
await server.connect(new StdioServerTransport());
