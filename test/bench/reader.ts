// The floor of a call: hand-written JSON-RPC and undici around our mappers. It makes its answer from the reply, as our
// server does.
import { openAlertsText, readOpenAlerts } from '../../src/defender/alerts/read_alerts.ts';
import { createRoutes } from '../../src/http/undocumented_routes.ts';
import type { ToolApi } from '../../src/tool/tool.ts';
import { serveByHand } from './by_hand.ts';

const unused = {
  routes: createRoutes(),
  progress: () => {},
  signal: new AbortController().signal,
  ending: new AbortController().signal,
  answerTokens: 0,
};

serveByHand(async (ask, _, origin) => {
  const api: ToolApi = { ...unused, origin, read: async (_path, schema) => schema.parse(JSON.parse(await ask())) };
  const value = await readOpenAlerts(api, { limit: 20, detail: 'concise' });
  const result = { content: [{ type: 'text', text: openAlertsText(value) }], structuredContent: value };
  return { before: `{"result":${JSON.stringify(result)},"jsonrpc":"2.0","id":`, after: '}' };
});
