import * as z from 'zod';
import { FILE_TYPES, SHARING } from '../src/defender/files/file.ts';
import { Files, filesText, listFiles } from '../src/defender/files/list_files.ts';
import { appId, limit, policyId } from '../src/defender/shared/arguments.ts';
import { cursor } from '../src/defender/shared/list_cursor.ts';
import { timeArgument } from '../src/defender/shared/time_argument.ts';
import { user } from '../src/defender/shared/user_argument.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_list_files',
  group: 'investigate',
  title: 'List files',
  description: 'Lists files by name, owner, app, sharing, policy, type and change: what is exposed.',
  effect: 'read',
  input: z.strictObject({
    name: z.string().min(2).max(200).optional().meta({ description: 'Part of the name' }),
    owner: user.optional(),
    app_id: appId.optional(),
    sharing: z.array(z.enum(SHARING)).min(1).max(5).optional().meta({ description: 'Any of these' }),
    policy_id: policyId.optional(),
    type: z.array(z.enum(FILE_TYPES)).min(1).max(7).optional().meta({ description: 'Any of these' }),
    modified_since: timeArgument('As since elsewhere'),
    limit,
    cursor,
  }),
  output: Files,
  example: { sharing: ['public', 'external'] },
  text: filesText,
  run: (input, api) => listFiles(api, input),
});
