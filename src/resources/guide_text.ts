import { ALERT_FAMILIES, type AlertFamily } from './alert_families.ts';

const SOURCE =
  'As of November 2026. Microsoft: "How to investigate anomaly detection alerts" ' +
  '(learn.microsoft.com/defender-cloud-apps/investigate-anomaly-alerts). New detections need about 7 days to learn, ' +
  'some up to 45; an alert in that time says less.';

const BENIGN_REASONS = 'actual_severity_is_lower, confirmed_with_end_user, triggered_by_test, other';
const FALSE_REASONS = 'not_of_interest, too_many_similar_alerts, alert_is_not_accurate, other';

export const CLASSIFICATION_GUIDE = `# Which verdict

| verdict | when | tool | reasons |
| --- | --- | --- | --- |
| true positive | malicious, confirmed, and dealt with | mdca_close_alert_true_positive | none |
| benign | it happened, and was expected or authorised | mdca_close_alert_benign | ${BENIGN_REASONS} |
| false positive | it did not happen, or the detection is wrong | mdca_close_alert_false_positive | ${FALSE_REASONS} |

- mdca_dismiss_alert and mdca_resolve_alert are deprecated: they classify too, as false positive and true positive.
- Say in the comment which activities decided it, and who confirmed what.
- Not sure? Leave it open and say what is missing. Closing contains nothing: suspending a user, removing consent and
  revoking sessions are done in the portal or in Entra.
- A wrong close: mdca_reopen_alert.

${SOURCE}
`;

export const FAMILIES_GUIDE = `# Kinds of alerts

${ALERT_FAMILIES.map(({ id, title }) => `- ${title}: mdca://guides/alert-types/${id}`).join('\n')}

${SOURCE}
`;

export function familyGuide({ title, real, notReal, lookAt, action, close }: AlertFamily): string {
  return `# ${title}

- Real if ${real}.
- Not real if ${notReal}.
- Look at: ${lookAt}.
- Usual action: ${action}.
- Close with: ${close}.

${SOURCE}
`;
}
