import * as z from 'zod';
import { countOpenAlerts } from '../src/defender/alerts/count_open.ts';
import { findUser } from '../src/defender/entities/find_user.ts';
import { toUserDetail, UserDetail, userDetailText } from '../src/defender/entities/get_user.ts';
import { user } from '../src/defender/shared/user_argument.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_get_user',
  group: 'investigate',
  title: 'Get one user',
  description: 'Returns one user: rights, state, groups, accounts, last seen, number of open alerts.',
  effect: 'read',
  input: z.strictObject({ user }),
  output: UserDetail,
  example: { user: '<user GUID>' },
  text: userDetailText,
  async run({ user: name }, api) {
    const person = await findUser(api, name);
    return toUserDetail(person, await countOpenAlerts(api, { user: person.user.id ?? name }));
  },
});
