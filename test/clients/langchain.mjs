import { MultiServerMCPClient } from '@langchain/mcp-adapters';

export async function connect(url, headers) {
  const client = new MultiServerMCPClient({ mcpServers: { mdca: { transport: 'http', url, headers } } });
  const tools = await client.getTools();
  return {
    list: async () => tools.map(({ name }) => name),
    async call(name, args) {
      const tool = tools.find((each) => each.name === name);
      // As ToolNode does: an error becomes the text that the model sees.
      const { content } = await tool
        .invoke({ type: 'tool_call', id: '1', name, args })
        .catch(({ message }) => ({ content: message }));
      return typeof content === 'string' ? content : JSON.stringify(content);
    },
    close: () => client.close(),
  };
}
