import { APPS, atHome, atOffice, file, mail, plainDeed, series, signIn } from '../deeds.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import type { Person } from '../people.ts';

const kind: AlertKind = {
  policy: 'massDelete',
  idValue: 15859719,
  title: 'Unusual file deletion activity',
  severity: SEVERITY.medium,
  story: STORY.threatDetection,
  intent: INTENT.impact,
};

/** Benign: an announced clean-up of an old project. */
export function cleanUp(who: Person): Incident {
  const desk = atOffice(who);
  return {
    kind: { ...kind, severity: SEVERITY.low },
    who,
    description: describe(who, 15),
    deeds: [
      plainDeed(desk, -90, 'MessageSent', 'Channel: archive is copied, deleting the old site now', APPS.teams),
      ...series(15, (index) => file(desk, -40 + index, 'FileDeleted', `Old project draft ${index + 1}.docx`)),
    ],
  };
}

/** True positive: files are deleted at night, after a bad review, also from the recycle bin. */
export function sabotage(who: Person): Incident {
  const night = atHome(who);
  return {
    kind: { ...kind, severity: SEVERITY.high },
    who,
    description: describe(who, 18),
    deeds: [
      mail(night, -95, 'MailItemsAccessed', 'HR: outcome of your review'),
      signIn(night, -33),
      ...series(18, (index) => file(night, -31 + index, 'FileDeleted', `Design master ${index + 1}.psd`)),
      plainDeed(night, -9, 'RecycleBinEmptied', 'Design team site', APPS.sharePoint),
    ],
  };
}

function describe(who: Person, count: number): string {
  return `${who.name} (${who.upn}) deleted ${count} files in under one hour, more than usual for this user.`;
}
