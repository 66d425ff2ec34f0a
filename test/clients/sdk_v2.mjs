import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

/** @param mode how the protocol's era is chosen */
export async function connect(url, headers, mode = 'legacy') {
  const client = new Client({ name: 'sdk-v2', version: '1.0.0' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  return {
    list: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => (await client.callTool({ name, arguments: args })).content[0].text,
    close: () => client.close(),
  };
}
