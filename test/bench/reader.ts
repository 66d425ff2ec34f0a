// The floor of a call, which says what ours says because it has read the reply: JSON-RPC by hand and bare undici around
// our mappers.
import { openAlerts } from '../../src/defender/alerts.ts';
import { createRoutes } from '../../src/http/routes.ts';
import type { ToolApi } from '../../src/tool.ts';
import { serveByHand } from './by_hand.ts';

const unused = {
  routes: createRoutes(),
  signal: new AbortController().signal,
  progress: () => {},
  feed: { now: async () => ({ alerts: [], complete: true }), join: () => () => {} },
};

serveByHand(async (ask, _, origin) => {
  const api: ToolApi = { ...unused, origin, read: async (_path, schema) => schema.parse(JSON.parse(await ask())) };
  const value = await openAlerts.run({ limit: 20, detail: 'concise' }, api);
  const result = { content: [{ type: 'text', text: openAlerts.text?.(value) }], structuredContent: value };
  return { before: `{"result":${JSON.stringify(result)},"jsonrpc":"2.0","id":`, after: '}' };
});
