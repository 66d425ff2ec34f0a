import { atHome, decisive, file, mail, signIn } from '../deeds.ts';
import { devices } from '../devices.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import type { Person } from '../people.ts';
import { pick } from '../pick.ts';
import { hosting, onTheRoad } from '../places.ts';

const kind: AlertKind = {
  policy: 'newCountry',
  idValue: 15859717,
  title: 'Activity from infrequent country',
  severity: SEVERITY.medium,
  story: STORY.threatDetection,
  intent: INTENT.initialAccess,
};

/** Benign: an announced holiday, with a phone and little activity. */
export function holiday(who: Person): Incident {
  const beach = { who, place: pick(onTheRoad, who.number), device: devices.phone };
  return {
    kind: { ...kind, severity: SEVERITY.low },
    who,
    verdict: 'benign',
    awayMinutes: 720,
    description: describe(who, beach.place.country),
    deeds: [
      decisive(mail(atHome(who), -905, 'Send', 'Out of office: on leave until Monday')),
      decisive(signIn(beach, -65)),
      mail(beach, -60, 'MailItemsAccessed', 'Inbox'),
      mail(beach, -18, 'MailItemsAccessed', 'Inbox'),
      mail(beach, -6, 'Send', 'Re: quick question'),
    ],
  };
}

/** True positive: a server far away reads contracts. */
export function intruder(who: Person): Incident {
  const thief = { who, place: pick(hosting, who.number), device: devices.script };
  return {
    kind,
    who,
    verdict: 'true_positive',
    deciding: { ranges: ['hosting'] },
    description: describe(who, thief.place.country),
    deeds: [
      signIn(atHome(who), -95),
      decisive(signIn(thief, -58, 'legacy protocol, no second factor')),
      ...['Contracts 1.zip', 'Contracts 2.zip', 'Price list.xlsx', 'Tender draft.docx'].map((name, index) =>
        decisive(file(thief, -50 + index * 6, 'FileDownloaded', name)),
      ),
    ],
  };
}

function describe(who: Person, country: string): string {
  return `${who.name} (${who.upn}) performed activity from ${country}, a country new for this user.`;
}
