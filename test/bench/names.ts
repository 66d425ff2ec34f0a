/** Names of what is measured besides the public servers. */
export const NAMES = {
  ours: 'defender-cloud-apps-mcp',
  modern: 'defender-cloud-apps-mcp, revision 2026-07-28',
  one: 'defender-cloud-apps-mcp, one tool',
  floor: 'hand-written JSON-RPC',
  reader: 'hand-written JSON-RPC around our mappers',
  plain: 'plain McpServer',
  usual: 'Express, one McpServer a session',
  bare: 'bare undici, no server',
} as const;
