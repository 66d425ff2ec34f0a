import type { AlertEntity, Policy } from '../records.ts';
import { objectId } from './ids.ts';

type Severity = 'LOW' | 'MEDIUM' | 'HIGH' | 'INFORMATIONAL';
type Row = readonly [
  policyType: string,
  name: string,
  severity: Severity,
  description: string,
  isDisabled?: 'disabled',
];

const ANOMALY = 'ANOMALY_DETECTION';
const OAUTH = 'APP_PERMISSION_ANOMALY';

/** The tenant's policies: type (docs/defender-api.md 6.3), name, severity, description. */
const catalogue = {
  impossibleTravel: [
    ANOMALY,
    'Impossible travel',
    'MEDIUM',
    'Activity from places too far apart for the time between.',
  ],
  riskySignIn: [ANOMALY, 'Risky sign-in', 'HIGH', 'Sign-ins that Entra ID Protection found risky.'],
  newCountry: [ANOMALY, 'Activity from infrequent country', 'MEDIUM', 'Activity from a country new to the company.'],
  anonymousIp: [ANOMALY, 'Activity from anonymous IP addresses', 'HIGH', 'Activity from an anonymous proxy.'],
  failedSignIns: [ANOMALY, 'Multiple failed login attempts', 'MEDIUM', 'Many failed log-ons in one session.'],
  massDownload: [ANOMALY, 'Unusual file download (by user)', 'MEDIUM', 'More downloads than the user is used to.'],
  massDelete: [
    ANOMALY,
    'Unusual file deletion activity (by user)',
    'MEDIUM',
    'More deletions than the user is used to.',
  ],
  ransomware: [ANOMALY, 'Ransomware activity', 'HIGH', 'Uploads and deletions that look like encryption.'],
  inboxRule: [ANOMALY, 'Suspicious inbox manipulation rules', 'HIGH', 'Inbox rules that hide or move mail.'],
  adminActivity: [ANOMALY, 'Unusual administrative activity (by user)', 'MEDIUM', 'Unusual administrative activity.'],
  honeytoken: [ANOMALY, 'Honeytoken activity', 'HIGH', 'Any activity of a decoy account.'],
  leaverActive: [ANOMALY, 'Activity performed by terminated user', 'HIGH', 'A user who has left is still active.'],
  vmCreation: [ANOMALY, 'Multiple VM creation activities', 'MEDIUM', 'Many virtual machines at once.', 'disabled'],
  oauthName: [OAUTH, 'Misleading OAuth app name', 'HIGH', 'An app whose name imitates another.'],
  oauthConsent: [OAUTH, 'Malicious OAuth app consent', 'HIGH', 'Consent to an app known as malicious.'],
  oauthRare: ['APP_PERMISSION', 'Rare app with high permissions', 'LOW', 'Seldom used, wide permissions.', 'disabled'],
  malware: ['MALWARE', 'Malware detection', 'HIGH', 'Malicious files in cloud storage.'],
  cardNumbers: ['FILE', 'Payment card numbers shared externally', 'HIGH', 'Files with card numbers shared outside.'],
  publicFiles: [
    'FILE',
    'Publicly shared confidential files',
    'LOW',
    'Confidential files open to anyone with the link.',
  ],
  sourceCode: ['FILE', 'Source code shared externally', 'MEDIUM', 'Code archives shared outside.', 'disabled'],
  roleGranted: ['AUDIT', 'Administrator role granted', 'MEDIUM', 'A directory role was given to somebody.'],
  legacyAuth: [
    'AUDIT',
    'Log on with legacy authentication',
    'INFORMATIONAL',
    'Basic authentication was used.',
    'disabled',
  ],
  unmanagedDownload: [
    'SESSION',
    'Block download to unmanaged devices',
    'INFORMATIONAL',
    'Blocks and reports downloads.',
  ],
  unmanagedAccess: ['ACCESS', 'Block Salesforce from unmanaged devices', 'LOW', 'Blocks access.'],
  newApp: ['NEW_SERVICE', 'New risky app', 'LOW', 'A risky app is used for the first time.'],
  newStorage: ['NEW_SERVICE', 'New cloud storage app', 'INFORMATIONAL', 'A storage app is used for the first time.'],
  exfiltration: [
    'ANOMALY_DISCOVERY',
    'Data exfiltration to unsanctioned apps',
    'MEDIUM',
    'Large uploads to such apps.',
  ],
  connectors: ['AUDIT', 'App connector health', 'LOW', 'An app connector lost its connection.'],
} as const satisfies Record<string, Row>;

export type PolicyName = keyof typeof catalogue;

const rows: [string, Row][] = Object.entries(catalogue);

/** The policy as an alert refers to it (docs/defender-api.md 4.3). */
export function policyEntity(name: PolicyName): AlertEntity {
  const [policyType, label] = catalogue[name];
  return { type: 'policyRule', id: idOf(name), label, policyType };
}

/** All policies in the wire shape of docs/defender-api.md 6.2; `start` in ms. */
export function createPolicies(start: number): Policy[] {
  return rows.map(([key, [policyType, name, severity, description, isDisabled]], index) => ({
    _id: idOf(key),
    name,
    description,
    policyType,
    severity,
    enabled: isDisabled === undefined,
    alertsEnabled: true,
    alertDailyLimit: index % 4 === 3 ? null : 5 + (index % 4) * 15,
    lastModified: start - (20 + index * 3) * 24 * 60 * 60 * 1000,
  }));
}

export function policyId(key: PolicyName): string {
  return idOf(key);
}

function idOf(key: string): string {
  const index = rows.findIndex(([other]) => other === key);
  return objectId('policy', index + 1, (index - 300) * 24 * 3600);
}
