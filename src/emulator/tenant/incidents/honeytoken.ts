import { APPS, decisive, failedSignIn, plainDeed, series, signIn } from '../deeds.ts';
import { devices } from '../devices.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import type { Person } from '../people.ts';
import { hosting, offices, scanners } from '../places.ts';

const kind: AlertKind = {
  policy: 'honeytoken',
  idValue: 15795464,
  title: 'Honeytoken activity',
  severity: SEVERITY.medium,
  story: STORY.threatDetection,
  intent: INTENT.credentialAccess,
};

/** Benign: the quarterly vulnerability scan tries every account, from the office. */
export function scanned(who: Person): Incident {
  const scanner = { who, place: scanners, device: devices.script };
  return {
    kind,
    who,
    verdict: 'benign',
    deciding: { ranges: ['scanners'] },
    description: describe(who, scanners.ip),
    deeds: [
      decisive(plainDeed(scanner, -60, 'scan.started', 'Quarterly vulnerability scan (planned)', APPS.directory)),
      ...series(13, (index) => failedSignIn(scanner, -50 + index * 2, 'Invalid username or password')),
    ],
  };
}

/** True positive: an attacker found and used the password of the decoy. */
export function baitTaken(who: Person): Incident {
  const thief = { who, place: hosting[0] ?? offices.seattle, device: devices.linux };
  return {
    kind: { ...kind, severity: SEVERITY.high },
    who,
    verdict: 'true_positive',
    deciding: { ranges: ['hosting'] },
    description: describe(who, thief.place.ip),
    deeds: [
      decisive(signIn(thief, -40, 'single factor')),
      ...series(12, (index) =>
        decisive(plainDeed(thief, -37 + index * 2, 'Directory query', `Group ${index + 1}`, APPS.directory)),
      ),
    ],
  };
}

function describe(who: Person, ip: string): string {
  return `The honeytoken account ${who.name} (${who.upn}), which nobody should use, was active from ${ip}.`;
}
