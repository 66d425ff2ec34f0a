import { APPS, atHome, atOffice, decisive, file, plainDeed, series, signIn } from '../deeds.ts';
import { devices } from '../devices.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import type { Person } from '../people.ts';
import { vary } from '../vary.ts';

const kind: AlertKind = {
  policy: 'massDownload',
  idValue: 15859718,
  title: 'Mass download',
  severity: SEVERITY.medium,
  story: STORY.threatDetection,
  intent: INTENT.exfiltration,
};

/** True positive: somebody who is about to leave takes customer contracts along. */
export function leaverTakesData(who: Person): Incident {
  const evening = { ...atHome(who), device: devices.oldWindows };
  return {
    kind: { ...kind, severity: SEVERITY.high },
    who,
    verdict: 'true_positive',
    deciding: { apps: [APPS.dropbox] },
    description: describe(who, 26),
    deeds: [
      decisive(file(atOffice(who), -600, 'FileAccessed', 'Resignation letter.docx')),
      decisive(signIn(evening, -48, 'device not managed')),
      ...series(26, (index) => file(evening, -46 + index, 'FileDownloaded', `Customer contract ${index + 1}.pdf`)),
      decisive(plainDeed(evening, -12, 'file_upload', 'contracts.zip', APPS.dropbox)),
    ],
  };
}

/** False positive: the sync client fills a new laptop. */
export function firstSync(who: Person): Incident {
  const count = 19 + vary(`sync ${who.number}`, 9);
  const sync = { ...atOffice(who), device: devices.sync };
  return {
    kind,
    who,
    verdict: 'false_positive',
    description: describe(who, count),
    deeds: [
      decisive(signIn(sync, -35, 'compliant device')),
      ...series(count, (index) =>
        decisive(file(sync, -34 + index, 'FileSyncDownloadedFull', `My documents ${index + 1}.docx`, APPS.oneDrive)),
      ),
    ],
  };
}

/** False positive: a job that does this every night. */
export function nightlyBackup(who: Person): Incident {
  const job = atOffice(who);
  return {
    kind: { ...kind, severity: SEVERITY.low },
    who,
    verdict: 'false_positive',
    deciding: { ranges: ['azure'], users: [who] },
    description: describe(who, 20),
    deeds: [
      decisive(signIn(job, -1470, 'certificate')),
      ...series(8, (index) => file(job, -1439 + index, 'FileDownloaded', `Archive ${index + 1}.zip`)),
      decisive(signIn(job, -30, 'certificate')),
      ...series(20, (index) => file(job, -29 + index, 'FileDownloaded', `Archive ${index + 1}.zip`)),
    ],
  };
}

function describe(who: Person, count: number): string {
  return `${who.name} (${who.upn}) downloaded ${count} files in under one hour, more than usual for this user.`;
}
