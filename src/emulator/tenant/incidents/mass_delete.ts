import { APPS, atHome, atOffice, decisive, file, mail, plainDeed, series, signIn } from '../deeds.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import type { Person } from '../people.ts';
import { vary } from '../vary.ts';

const kind: AlertKind = {
  policy: 'massDelete',
  idValue: 15859719,
  title: 'Unusual file deletion activity',
  severity: SEVERITY.medium,
  story: STORY.threatDetection,
  intent: INTENT.impact,
};

const ANNOUNCEMENT = 'Channel: archive is copied, deleting the old site now';

/** Benign: an announced clean-up of an old project. */
export function cleanUp(who: Person): Incident {
  const desk = atOffice(who);
  const count = 12 + vary(`clean-up ${who.number}`, 9);
  return {
    kind: { ...kind, severity: SEVERITY.low },
    who,
    verdict: 'benign',
    description: describe(who, count),
    deeds: [
      decisive(plainDeed(desk, -90, 'MessageSent', ANNOUNCEMENT, APPS.teams)),
      ...series(count, (index) => file(desk, -40 + index, 'FileDeleted', `Old project draft ${index + 1}.docx`)),
    ],
  };
}

/** True positive: files are deleted at night, after a bad review, also from the recycle bin. */
export function sabotage(who: Person): Incident {
  const night = atHome(who);
  return {
    kind: { ...kind, severity: SEVERITY.high },
    who,
    verdict: 'true_positive',
    deciding: { files: ['Design master 1.psd'] },
    description: describe(who, 18),
    deeds: [
      decisive(mail(night, -95, 'MailItemsAccessed', 'HR: outcome of your review')),
      signIn(night, -33),
      ...series(18, (index) => decisive(file(night, -31 + index, 'FileDeleted', `Design master ${index + 1}.psd`))),
      decisive(plainDeed(night, 4, 'RecycleBinEmptied', 'Design team site', APPS.sharePoint)),
    ],
  };
}

function describe(who: Person, count: number): string {
  return `${who.name} (${who.upn}) deleted ${count} files in under one hour, more than usual for this user.`;
}
