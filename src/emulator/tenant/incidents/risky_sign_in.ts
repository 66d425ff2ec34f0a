import { admin, atOffice, decisive, failedSignIn, file, mail, signIn } from '../deeds.ts';
import { devices } from '../devices.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import { officeOf, type Person } from '../people.ts';
import { pick } from '../pick.ts';
import { hosting } from '../places.ts';

const kind: AlertKind = {
  policy: 'riskySignIn',
  idValue: 15795457,
  title: 'Risky sign-in: Unfamiliar sign-in properties',
  severity: SEVERITY.high,
  story: STORY.threatDetection,
  intent: INTENT.initialAccess,
};

/** True positive: a known password, an outdated machine, then a new second factor. */
export function stolenPassword(who: Person): Incident {
  const thief = { who, place: pick(hosting, who.number), device: devices.oldWindows };
  return {
    kind,
    who,
    verdict: 'true_positive',
    deciding: { ranges: ['hosting'] },
    description: describe(who, thief.place.ip),
    deeds: [
      failedSignIn(thief, -27, 'Invalid username or password'),
      failedSignIn(thief, -26, 'User declined the authentication request'),
      failedSignIn(thief, -24, 'User declined the authentication request'),
      decisive(signIn(thief, -22, 'approved on the third prompt')),
      decisive(admin(thief, -19, 'User registered security info', 'Authenticator app on unknown phone')),
      mail(thief, -11, 'MailItemsAccessed', 'Inbox'),
      file(thief, -7, 'FileAccessed', 'Supplier bank accounts.xlsx'),
    ],
  };
}

/** Benign: the first day with a new laptop, in the office. */
export function newLaptop(who: Person): Incident {
  const desk = { who, place: who.office, device: who.device.name === devices.mac.name ? devices.windows : devices.mac };
  return {
    kind: { ...kind, severity: SEVERITY.low },
    who,
    verdict: 'benign',
    deciding: { ranges: [officeOf(who)] },
    description: describe(who, who.office.ip),
    deeds: [
      decisive(file(atOffice(who), -1300, 'FileAccessed', 'IT ticket - replacement laptop.pdf')),
      decisive(admin(desk, -33, 'Add registered owner to device', 'Company-managed laptop')),
      signIn(desk, -30, 'compliant device, multifactor authentication satisfied'),
      mail(desk, -25, 'MailItemsAccessed', 'Inbox'),
      file(desk, -12, 'FileAccessed', 'Weekly plan.docx'),
    ],
  };
}

function describe(who: Person, ip: string): string {
  return `Sign-in of ${who.name} (${who.upn}) from ${ip} with properties that were not seen for this user before.`;
}
