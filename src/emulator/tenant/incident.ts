import type { Deed } from './deeds.ts';
import type { SharedFile } from './files.ts';
import type { Person } from './people.ts';
import type { PolicyName } from './policies.ts';
import type { Deciding, Verdict } from './verdict.ts';

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
  verdict: Verdict;
  /** What decides beside the deeds that are marked. */
  deciding?: Deciding;
  /** Why no call to the service can decide, if none can. */
  undecidable?: string;
  description: string;
  /** Absent in an alert that concerns only an app or a connector. */
  who?: Person;
  /** Another person whom the alert names. */
  related?: Person;
  /** What happened; the addresses, countries and apps of these deeds become the alert's entities. */
  deeds: Deed[];
  /** Minutes before the alert in which the person does nothing else, as those who travel; absent: works as usual. */
  awayMinutes?: number;
  /** Raised by the service about itself. */
  isSystem?: boolean;
  /** Further apps and files that the alert names. */
  apps?: number[];
  files?: SharedFile[];
}
