import { appName } from '../apps.ts';
import { atOffice, decisive, mail, plainDeed, series } from '../deeds.ts';
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

/** True positive: an app with a very low score, seen for the first time, which nobody vetted. It names no person. */
export function seenFirst(app: number, users: number): Incident {
  const description = `The app ${appName(app)} was discovered; ${users} users; a low score, which is high risk.`;
  return { kind: newApp, verdict: 'true_positive', deciding: { apps: [app] }, description, apps: [app], deeds: [] };
}

/** Benign: procurement has it under review, and so it bears the tag for that. */
export function underReview(app: number, users: number): Incident {
  return { ...seenFirst(app, users), verdict: 'benign' };
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
    verdict: 'true_positive',
    deciding: { apps: [app] },
    description: `${who.name} (${who.upn}) uploaded 4.2 GB to ${appName(app)}, which is not sanctioned.`,
    deeds: series(8, (index) =>
      decisive(plainDeed(desk, -80 + index * 8, 'upload', `archive part ${index + 1} of 8`, app)),
    ),
  };
}

/** Benign: large pictures for a print shop that asked for them. */
export function printShop(who: Person, app: number): Incident {
  const desk = atOffice(who);
  return {
    kind: upload,
    who,
    verdict: 'benign',
    description: `${who.name} (${who.upn}) uploaded 1.1 GB to ${appName(app)}, which is not sanctioned.`,
    deeds: [
      decisive(mail(desk, -70, 'MailItemsAccessed', 'Print shop: please upload the brochure pages here')),
      ...series(5, (index) =>
        decisive(plainDeed(desk, -50 + index * 6, 'upload', `brochure page ${index + 1}.tif`, app)),
      ),
    ],
  };
}
