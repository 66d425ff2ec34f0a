import { Agent, getAllMcpTools, MCPServerStreamableHttp, RunContext } from '@openai/agents';

export async function connect(url, headers) {
  const server = new MCPServerStreamableHttp({ name: 'mdca', url, requestInit: { headers } });
  await server.connect();
  const runContext = new RunContext();
  const agent = new Agent({ name: 'triage', mcpServers: [server] });
  const tools = await getAllMcpTools({ mcpServers: [server], runContext, agent });
  return {
    list: async () => tools.map(({ name }) => name),
    async call(name, args) {
      const output = await tools.find((tool) => tool.name === name).invoke(runContext, JSON.stringify(args));
      return typeof output === 'string' ? output : (output.text ?? JSON.stringify(output));
    },
    close: () => server.close(),
  };
}
