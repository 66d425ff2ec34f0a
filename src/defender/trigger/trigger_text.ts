import { quoteField, quoteId } from '../../text/sanitize.ts';
import type { TriggerAlert } from './trigger_alert.ts';

interface Arrived {
  readonly alerts: readonly TriggerAlert[];
  readonly cursor: string;
  readonly has_more: boolean;
  readonly left_out?: string | undefined;
}

/** A line for each alert, with the ids that the next call needs, and the cursor. */
export function arrivedText({ alerts, cursor, has_more, left_out }: Arrived): string {
  const count = alerts.length === 0 ? 'No new alert.' : `${alerts.length} new, oldest first.`;
  const more = has_more ? ' More are there now: call again with the cursor.' : '';
  const leftOut = left_out === undefined ? [] : [`Left out: ${left_out}`];
  return [`${count}${more}`, ...alerts.map(lineOf), ...leftOut, `cursor: ${cursor}`].join('\n');
}

function lineOf(alert: TriggerAlert): string {
  const user = alert.Entities.find(({ AadUserId }) => AadUserId !== undefined);
  const facts = [
    quoteId(alert.ProviderAlertId),
    alert.TimeGenerated?.slice(0, 16),
    alert.Severity?.toLowerCase(),
    alert.AlertDisplayName && quoteField(alert.AlertDisplayName, 60),
    alert.ProviderPolicyId && `policy ${quoteId(alert.ProviderPolicyId)}`,
    user && `user ${user.AadUserId}`,
    alert.CompromisedEntity && quoteField(alert.CompromisedEntity, 60),
  ];
  return facts.filter(Boolean).join(' ');
}
