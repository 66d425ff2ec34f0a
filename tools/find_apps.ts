import * as z from 'zod';
import { APP_TAGS, Apps, appsText, findApps } from '../src/defender/apps/find_apps.ts';
import { appId, limit } from '../src/defender/shared/arguments.ts';
import { cursor } from '../src/defender/shared/list_cursor.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_find_apps',
  group: 'investigate',
  title: 'Find apps',
  description: 'Finds apps by name, id or tag: app_id, score, users. Undocumented routes.',
  effect: 'read',
  input: z.strictObject({
    name: z.string().min(2).max(100).optional().meta({ description: 'Part of the name' }),
    app_id: appId.optional(),
    tag: z.enum(APP_TAGS).optional().meta({ description: 'Its tag' }),
    limit,
    cursor,
  }),
  output: Apps,
  example: { name: 'drop' },
  text: appsText,
  run: (input, api) => findApps(api, input),
});
