import { APPS, atHome, decisive, file, plainDeed, signIn } from '../deeds.ts';
import { devices } from '../devices.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import type { Person } from '../people.ts';

const kind: AlertKind = {
  policy: 'unmanagedDownload',
  idValue: 15728643,
  title: 'Block download to unmanaged devices',
  severity: SEVERITY.informational,
  story: STORY.accessControl,
  intent: INTENT.collection,
};

/** Benign: one download was blocked on a home computer, and there was no second try. */
export function blockedOnce(who: Person): Incident {
  const computer = { ...atHome(who), device: devices.oldWindows };
  return {
    kind,
    who,
    verdict: 'benign',
    description: describe(who, 1),
    deeds: [
      signIn(computer, -32, 'device not managed'),
      file(computer, -26, 'FilePreviewed', 'Weekly plan.docx'),
      decisive(file(computer, -20, 'FileDownloadBlocked', 'Weekly plan.docx')),
      decisive(file(computer, -14, 'FilePreviewed', 'Weekly plan.docx')),
    ],
  };
}

/** True positive: the downloads were blocked, and then the block was bypassed. */
export function blockBypassed(who: Person): Incident {
  const computer = { ...atHome(who), device: devices.linux };
  return {
    kind: { ...kind, severity: SEVERITY.low },
    who,
    verdict: 'true_positive',
    deciding: { apps: [APPS.dropbox] },
    description: describe(who, 3),
    deeds: [
      signIn(computer, -41, 'device not managed'),
      ...['Salary table.xlsx', 'Board minutes.docx', 'Merger plan.pptx'].map((name, index) =>
        file(computer, -36 + index * 2, 'FileDownloadBlocked', name),
      ),
      decisive(plainDeed(computer, -21, 'SendToPrinter', 'Merger plan.pptx printed to file', APPS.sharePoint)),
      decisive(plainDeed(computer, 7, 'file_upload', 'merger.pdf', APPS.dropbox)),
    ],
  };
}

function describe(who: Person, count: number): string {
  return `Session policy '${kind.title}' blocked ${count} download(s) by ${who.name} (${who.upn}).`;
}
