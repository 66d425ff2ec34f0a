import { appName } from '../apps.ts';
import { atOffice, plainDeed, series } from '../deeds.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import type { Person } from '../people.ts';

const newApp: AlertKind = {
  policy: 'newApp',
  idValue: 15990784,
  title: 'New risky app',
  severity: SEVERITY.low,
  story: STORY.discovery,
};

const upload: AlertKind = {
  policy: 'exfiltration',
  idValue: 15990786,
  title: 'Data exfiltration to an app that is not sanctioned',
  severity: SEVERITY.medium,
  story: STORY.discovery,
  intent: INTENT.exfiltration,
};

/** An app seen for the first time; the alert names no person. */
export function seenFirst(app: number, users: number): Incident {
  const description = `The app ${appName(app)} was discovered; ${users} users; a low score, which is high risk.`;
  return { kind: newApp, description, apps: [app], deeds: [] };
}

/** The same for cloud storage, which has a policy of its own. */
export function storageSeen(app: number, users: number): Incident {
  const storage = { policy: 'newStorage', idValue: 15990785, title: 'New cloud storage app' } as const;
  const kind = { ...newApp, ...storage, severity: SEVERITY.informational };
  return { ...seenFirst(app, users), kind };
}

/** True positive: one person, many gigabytes, an app that nobody vetted. */
export function uploads(who: Person, app: number): Incident {
  const desk = atOffice(who);
  return {
    kind: upload,
    who,
    description: `${who.name} (${who.upn}) uploaded 4.2 GB to ${appName(app)}, which is not sanctioned.`,
    deeds: series(8, (index) => plainDeed(desk, -80 + index * 8, 'upload', `archive part ${index + 1} of 8`, app)),
  };
}

/** Benign: large pictures for a print shop that asked for them. */
export function printShop(who: Person, app: number): Incident {
  const desk = atOffice(who);
  return {
    kind: upload,
    who,
    description: `${who.name} (${who.upn}) uploaded 1.1 GB to ${appName(app)}, which is not sanctioned.`,
    deeds: [
      plainDeed(desk, -70, 'MailItemsAccessed', 'Print shop: please upload the brochure pages here', 20893),
      ...series(5, (index) => plainDeed(desk, -50 + index * 6, 'upload', `brochure page ${index + 1}.tif`, app)),
    ],
  };
}
