import * as z from 'zod';
import { recentPolicyIds } from '../defender/alerts/recent.ts';
import { definePrompt } from '../tool/prompt.ts';
import { VERDICT } from './verdict.ts';

export default definePrompt({
  name: 'review_policy',
  title: 'Review a policy',
  description: 'Say whether a policy finds what it should, or makes noise.',
  args: z.strictObject({ policy_id: z.string().meta({ description: 'Policy id' }) }),
  text: ({ policy_id }) =>
    `Review policy ${policy_id}.
1. mdca_get_policy: what it looks for, whether it is on.
2. mdca_list_alerts with policy_id and since 30d, status any: how were they closed?
3. mdca_get_alert for some that were closed as false positive or benign: what do they share?
Say how many were real, what makes the noise, and what to change: the policy in the portal, an IP range
(mdca_add_ip_range), or nothing. Propose; change nothing.
${VERDICT}`,
  complete: { policy_id: recentPolicyIds },
});
