import * as z from 'zod';
import { sanitizeOptional } from '../../text/sanitize.ts';
import { asNumber, asText, toIso, wireBoolean, wireList, wireNumber, wireText } from '../shared/wire.ts';
import { Alert, toAlert, WireAlert } from './alert.ts';

/** docs/defender-api.md 4.5; there is no 6. */
export const STORIES: readonly (string | undefined)[] = [
  'threat_detection',
  'privileged_account_monitoring',
  'compliance',
  'dlp',
  'discovery',
  'sharing_control',
  undefined,
  'access_control',
  'configuration_monitoring',
];

/** MITRE ATT&CK tactics, docs/defender-api.md 4.5. */
const TACTICS = [
  'unknown',
  'preattack',
  'initial_access',
  'persistence',
  'privilege_escalation',
  'defense_evasion',
  'credential_access',
  'discovery',
  'lateral_movement',
  'execution',
  'collection',
  'exfiltration',
  'command_and_control',
  'impact',
];

export const READ_STATES = ['unread', 'read', 'archived'] as const;

/** The service has sent the word `null` where there is nothing (docs/defender-api.md 4.2). */
const unlessNull = (text: string | undefined) => (text === 'null' ? undefined : sanitizeOptional(text));

/** An alert with the fields that only the full view shows (docs/defender-api.md 4.2). */
export const WireAlertDetail = WireAlert.extend({
  statusValue: wireNumber,
  stories: wireList(asNumber),
  intent: wireList(asNumber),
  threatScore: wireNumber,
  idValue: wireNumber,
  isSystemAlert: wireBoolean,
  comment: wireText,
  handledByUser: wireText,
  audits: wireList(asText),
});
export type WireAlertDetail = z.output<typeof WireAlertDetail>;

/** One alert in full. */
export const AlertDetail = Alert.extend({
  read_state: z.enum(READ_STATES).optional(),
  categories: z.array(z.string()),
  tactics: z.array(z.string()),
  threat_score: z.number().optional(),
  alert_type_id: z.number().optional(),
  system_alert: z.boolean().optional(),
  files: z.array(z.string()),
  devices: z.array(z.string()),
  handled_by: z.string().optional(),
  resolved: z.string().optional(),
  comment: z.string().optional(),
});
export type AlertDetail = z.output<typeof AlertDetail>;

export function toAlertDetail(wire: WireAlertDetail, portal: string): AlertDetail {
  return {
    ...toAlert(wire, portal, 'full'),
    read_state: READ_STATES[wire.statusValue ?? -1],
    categories: [...new Set(wire.stories.flatMap((story) => STORIES[story] ?? []))],
    tactics: [...new Set(wire.intent.flatMap((tactic) => TACTICS[tactic] ?? []))],
    threat_score: wire.threatScore,
    alert_type_id: wire.idValue,
    system_alert: wire.isSystemAlert,
    files: labelsOf(wire, 'file'),
    devices: labelsOf(wire, 'device'),
    handled_by: unlessNull(wire.handledByUser),
    resolved: toIso(wire.resolveTime),
    comment: unlessNull(wire.comment),
  };
}

/** Names of the entities of a type, or their ids. */
function labelsOf({ entities }: WireAlertDetail, type: string): string[] {
  const ofType = entities.filter((entity) => entity.type === type);
  return [...new Set(ofType.flatMap(({ label, id }) => sanitizeOptional(label ?? String(id ?? '')) ?? []))];
}
