import * as z from 'zod';
import { listUsers, Users, usersText } from '../src/defender/entities/list_users.ts';
import { USER_STATUSES } from '../src/defender/entities/user.ts';
import { appId, limit } from '../src/defender/shared/arguments.ts';
import { cursor } from '../src/defender/shared/list_cursor.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_list_users',
  group: 'investigate',
  title: 'List users',
  description: 'Lists users by right, state, domain and app, with their ids.',
  effect: 'read',
  input: z.strictObject({
    admin_only: z.boolean().optional().meta({ description: 'Administrators' }),
    external: z.boolean().optional().meta({ description: 'Outside the organization, or inside' }),
    status: z.enum(USER_STATUSES).optional().meta({ description: 'State' }),
    domain: z.string().min(3).max(253).optional().meta({ description: 'Such as contoso.com' }),
    app_id: appId.optional().meta({ description: 'Uses this app' }),
    limit,
    cursor,
  }),
  output: Users,
  example: { admin_only: true },
  text: usersText,
  run: (input, api) => listUsers(api, input),
});
