import type { Deed } from './deeds.ts';
import type { Person } from './people.ts';
import type { PolicyName } from './policies.ts';

/** docs/defender-api.md 4.4 */
export const SEVERITY = { low: 0, medium: 1, high: 2, informational: 3 };

/** docs/defender-api.md 4.5 */
export const INTENT = {
  initialAccess: 2,
  persistence: 3,
  privilegeEscalation: 4,
  defenseEvasion: 5,
  credentialAccess: 6,
  collection: 10,
  exfiltration: 11,
  impact: 13,
};

/** docs/defender-api.md 4.5 */
export const STORY = {
  threatDetection: 0,
  privilegedAccounts: 1,
  dlp: 3,
  discovery: 4,
  accessControl: 7,
  configuration: 8,
};

/** What all alerts of one kind have in common. */
export interface AlertKind {
  policy: PolicyName;
  /** Alert type id (docs/defender-api.md 4.6): five are known, the others are invented. */
  idValue: number;
  title: string;
  severity: number;
  story: number;
  intent?: number;
}

/** One thing that happened, with the alert it raised. */
export interface Incident {
  kind: AlertKind;
  description: string;
  /** Absent in an alert that concerns only an app or a connector. */
  who?: Person;
  /** What happened; the addresses, countries and apps of these deeds become the alert's entities. */
  deeds: Deed[];
  /** Minutes before the alert without ordinary work, for those who travel; default 0. */
  awayMinutes?: number;
  /** Raised by the service about itself. */
  isSystem?: boolean;
  /** Further apps and files that the alert names. */
  apps?: number[];
  files?: string[];
}
