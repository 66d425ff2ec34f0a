import { admin, atHome, atOffice, failedSignIn, mail, series, signIn } from '../deeds.ts';
import { devices } from '../devices.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import type { Person } from '../people.ts';
import { pick } from '../pick.ts';
import { hosting } from '../places.ts';

const kind: AlertKind = {
  policy: 'failedSignIns',
  idValue: 15859714,
  title: 'Multiple failed login attempts',
  severity: SEVERITY.medium,
  story: STORY.threatDetection,
  intent: INTENT.credentialAccess,
};

/** True positive: many guesses, one of them right. */
export function guessed(who: Person): Incident {
  const thief = { who, place: pick(hosting, who.number), device: devices.script };
  return {
    kind: { ...kind, severity: SEVERITY.high },
    who,
    description: describe(who, 14, thief.place.ip),
    deeds: [
      ...series(14, (index) => failedSignIn(thief, -40 + index, 'Invalid username or password')),
      signIn(thief, -24, 'single factor'),
      mail(thief, -15, 'MailItemsAccessed', 'Inbox'),
    ],
  };
}

/** False positive: a phone still tries the old password. */
export function stalePassword(who: Person): Incident {
  const phone = { ...atHome(who), device: devices.mailApp };
  return {
    kind: { ...kind, severity: SEVERITY.low },
    who,
    description: describe(who, 11, who.home.ip),
    deeds: [
      admin(atOffice(who), -180, 'Change user password', who.upn),
      signIn(atOffice(who), -176),
      ...series(11, (index) => failedSignIn(phone, -120 + index * 10, 'Expired or stale password')),
    ],
  };
}

/** Benign in effect: no guess succeeds. */
export function guessingFailed(who: Person): Incident {
  const thief = { who, place: pick(hosting, who.number), device: devices.script };
  return {
    kind,
    who,
    description: describe(who, 12, thief.place.ip),
    deeds: series(12, (index) => failedSignIn(thief, -30 + index, 'Invalid username or password')),
  };
}

function describe(who: Person, count: number, ip: string): string {
  return `${count} failed log-ons of ${who.name} (${who.upn}) from ${ip} in one session.`;
}
