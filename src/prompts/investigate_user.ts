import * as z from 'zod';
import { recentUserIds } from '../defender/alerts/recent.ts';
import { definePrompt } from '../tool/prompt.ts';
import { VERDICT } from './verdict.ts';

export default definePrompt({
  name: 'investigate_user',
  title: 'Investigate a user',
  description: 'Say what a user did, and whether the account is taken over.',
  args: z.strictObject({ user: z.string().meta({ description: 'Entra object id or UPN' }) }),
  text: ({ user }) =>
    `Investigate the user ${user}.
1. mdca_get_user: rights, state, groups, open alerts.
2. mdca_list_alerts with user and since 30d.
3. mdca_list_activities with user and since 7d: addresses, places, devices; what is new among them?
4. mdca_list_ip_ranges for new addresses; mdca_list_activities by ip: who else used them?
5. Look for what follows a takeover: inbox rules, consent to apps, downloads, new administrators.
${VERDICT}`,
  complete: { user: recentUserIds },
});
