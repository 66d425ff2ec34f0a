import { APPS, atHome, decisive, file, plainDeed, series, signIn } from '../deeds.ts';
import { devices } from '../devices.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import type { Person } from '../people.ts';

const kind: AlertKind = {
  policy: 'leaverActive',
  idValue: 15859723,
  title: 'Activity performed by terminated user',
  severity: SEVERITY.high,
  story: STORY.threatDetection,
  intent: INTENT.collection,
};

/** True positive: the account is closed in Entra, its Salesforce log-on is not. */
export function stillInside(who: Person): Incident {
  const evening = { ...atHome(who), device: devices.oldWindows };
  const { salesforce } = APPS;
  return {
    kind,
    who,
    verdict: 'true_positive',
    deciding: { users: [who] },
    description: describe(who, 'Salesforce'),
    deeds: [
      decisive(plainDeed(evening, -44, 'Login', 'Local Salesforce password', salesforce)),
      ...series(11, (index) =>
        decisive(plainDeed(evening, -40 + index * 2, 'ReportExport', `Pipeline part ${index + 1}`, salesforce)),
      ),
      decisive(plainDeed(evening, -18, 'file_upload', 'pipeline.csv', APPS.dropbox)),
    ],
  };
}

/** Benign: the contract was extended, and the list of leavers is out of date. */
export function contractExtended(who: Person): Incident {
  const desk = { who, place: who.office, device: who.device };
  return {
    kind: { ...kind, severity: SEVERITY.medium },
    who,
    verdict: 'benign',
    deciding: { users: [who] },
    description: describe(who, 'Office 365'),
    deeds: [
      decisive(
        plainDeed(desk, -600, 'Update user', `${who.upn}: employee leave date moved by HR system`, APPS.directory),
      ),
      signIn(desk, -50),
      decisive(file(desk, -41, 'FileAccessed', 'Contract extension, signed.docx')),
      file(desk, -12, 'FileModified', 'Weekly plan.docx'),
    ],
  };
}

function describe(who: Person, app: string): string {
  return `The user ${who.name} (${who.upn}), marked as terminated, performed activities in ${app}.`;
}
