import { admin, atHome, atOffice, decisive, failedSignIn, mail, series, signIn } from '../deeds.ts';
import { devices } from '../devices.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import type { Person } from '../people.ts';
import { pick } from '../pick.ts';
import { hosting } from '../places.ts';
import { vary } from '../vary.ts';

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
  const count = 11 + vary(`guessed ${who.number}`, 8);
  const thief = { who, place: pick(hosting, who.number), device: devices.script };
  return {
    kind: { ...kind, severity: SEVERITY.high },
    who,
    verdict: 'true_positive',
    deciding: { ranges: ['hosting'] },
    description: describe(who, count, thief.place.ip),
    deeds: [
      ...series(count, (index) => failedSignIn(thief, -43 + index, 'Invalid username or password')),
      decisive(signIn(thief, -24, 'single factor')),
      decisive(mail(thief, -15, 'MailItemsAccessed', 'Inbox')),
    ],
  };
}

/** Benign: a phone still tries the old password. */
export function stalePassword(who: Person): Incident {
  const count = 8 + vary(`stale ${who.number}`, 5);
  const phone = { ...atHome(who), device: devices.mailApp };
  return {
    kind: { ...kind, severity: SEVERITY.low },
    who,
    verdict: 'benign',
    description: describe(who, count, who.home.ip),
    deeds: [
      decisive(admin(atOffice(who), -172, 'Change user password', who.upn)),
      signIn(atOffice(who), -168),
      ...series(count, (index) => decisive(failedSignIn(phone, -119 + index * 9, 'Expired or stale password'))),
    ],
  };
}

/** True positive, without harm: somebody guesses, and no guess succeeds. */
export function guessingFailed(who: Person): Incident {
  const count = 10 + vary(`guessing ${who.number}`, 9);
  const thief = { who, place: pick(hosting, who.number), device: devices.script };
  return {
    kind,
    who,
    verdict: 'true_positive',
    deciding: { ranges: ['hosting'] },
    description: describe(who, count, thief.place.ip),
    deeds: series(count, (index) => decisive(failedSignIn(thief, -30 + index, 'Invalid username or password'))),
  };
}

function describe(who: Person, count: number, ip: string): string {
  return `${count} failed log-ons of ${who.name} (${who.upn}) from ${ip} in one session.`;
}
