import * as z from 'zod';
import { defineResource } from '../tool/resource.ts';

/** The page may load nothing from anywhere, and has a border of the client's own. */
const UI = {
  csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] },
  prefersBorder: true,
};

export default defineResource({
  uri: 'ui://mdca/board.html',
  name: 'board',
  title: 'Alert board',
  description: 'Alerts and their evidence as a page in the chat.',
  mimeType: 'text/html;profile=mcp-app',
  params: z.strictObject({}),
  // Loaded here, because few clients show it.
  read: async () => ({ page: (await import('./board_html.ts')).boardHtml, _meta: { ui: UI } }),
});
