import { APPS, atOffice, decisive, file, mail, plainDeed, signIn } from '../deeds.ts';
import { devices } from '../devices.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import type { Person } from '../people.ts';
import { tor } from '../places.ts';

const kind: AlertKind = {
  policy: 'anonymousIp',
  idValue: 15859713,
  title: 'Activity from a Tor IP address',
  severity: SEVERITY.high,
  story: STORY.threatDetection,
  intent: INTENT.defenseEvasion,
};

/** True positive: mailbox and customer files through Tor, with a browser the person does not use. */
export function intruder(who: Person): Incident {
  const thief = { who, place: tor, device: devices.linux };
  return {
    kind,
    who,
    verdict: 'true_positive',
    deciding: { ranges: ['tor'] },
    description: describe(who),
    deeds: [
      signIn(atOffice(who), -110),
      decisive(signIn(thief, -38, 'single factor')),
      mail(thief, -35, 'MailItemsAccessed', 'Inbox'),
      decisive(mail(thief, -30, 'SearchQueryInitiatedExchange', 'password')),
      file(thief, -21, 'FileDownloaded', 'Customer list.xlsx'),
      decisive(file(thief, 5, 'FileDownloaded', 'VPN setup with credentials.docx')),
    ],
  };
}

/** Benign: a security researcher's approved work. */
export function researcher(who: Person): Incident {
  const lab = { who, place: tor, device: who.device };
  return {
    kind,
    who,
    verdict: 'benign',
    deciding: { ranges: ['tor'], users: [who] },
    description: describe(who),
    deeds: [
      decisive(file(atOffice(who), -400, 'FileAccessed', 'Approved research - dark web monitoring.docx')),
      decisive(signIn(lab, -70)),
      plainDeed(lab, -52, 'repo.clone', 'contoso/threat-research', APPS.gitHub),
      file(lab, -31, 'FileModified', 'Monitoring report.docx'),
      file(lab, -8, 'FileModified', 'Monitoring report.docx'),
    ],
  };
}

function describe(who: Person): string {
  return `The user ${who.name} (${who.upn}) was active from ${tor.ip}, a Tor exit node.`;
}
