// The floor of a call: hand-written JSON-RPC and undici around our mappers. It makes its answer from the reply, as our
// server does.
import { openAlertsText, readOpenAlerts } from '../../src/defender/alerts/read_alerts.ts';
import type { ReadApi } from '../../src/http/client.ts';
import { createRoutes } from '../../src/http/undocumented_routes.ts';
import { serveByHand } from './by_hand.ts';

const unused = { routes: createRoutes(), progress: () => {} };

serveByHand(async (ask, _, origin) => {
  const api: ReadApi = { ...unused, origin, read: async (_path, schema) => schema.parse(JSON.parse(await ask())) };
  const value = await readOpenAlerts(api, { limit: 20, detail: 'concise' });
  const result = { content: [{ type: 'text', text: openAlertsText(value) }], structuredContent: value };
  return { before: `{"result":${JSON.stringify(result)},"jsonrpc":"2.0","id":`, after: '}' };
});
