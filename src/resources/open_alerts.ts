import * as z from 'zod';
import { readOpenAlerts } from '../defender/alerts/read_alerts.ts';
import { OPEN_LIST, OPEN_LIST_SIZE, watchedAlerts } from '../defender/alerts/watched_alerts.ts';
import { defineResource } from '../tool/resource.ts';

export default defineResource({
  uri: 'mdca://alerts/open',
  name: 'open-alerts',
  title: 'Latest open alerts',
  description: 'The 20 latest open alerts as JSON, read from the tenant each time.',
  mimeType: 'application/json',
  params: z.strictObject({}),
  read: (_params, api) => readOpenAlerts(api, { limit: OPEN_LIST_SIZE, detail: 'concise' }),
  changes: { source: watchedAlerts, query: () => OPEN_LIST },
});
