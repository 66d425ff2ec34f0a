import { createMCPClient } from '@ai-sdk/mcp';

export async function connect(url, headers) {
  const client = await createMCPClient({ transport: { type: 'http', url, headers } });
  const tools = await client.tools();
  return {
    list: async () => Object.keys(tools),
    async call(name, args) {
      const call = { toolCallId: '1', messages: [], input: args };
      const output = await tools[name].execute(args, call);
      const { value } = (await tools[name].toModelOutput?.({ ...call, output })) ?? { value: output.content };
      return value.map(({ text }) => text).join('\n');
    },
    close: () => client.close(),
  };
}
