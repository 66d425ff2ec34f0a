import { APPS, atHome, atOffice, decisive, file, series, signIn } from '../deeds.ts';
import { devices } from '../devices.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import type { Person } from '../people.ts';

const kind: AlertKind = {
  policy: 'ransomware',
  idValue: 15859720,
  title: 'Ransomware activity',
  severity: SEVERITY.high,
  story: STORY.threatDetection,
  intent: INTENT.impact,
};

const NOTE = 'HOW_TO_RECOVER_YOUR_FILES.txt';

/** True positive: files are replaced by encrypted ones, with a note beside. */
export function encrypting(who: Person): Incident {
  const infected = { ...atHome(who), device: devices.sync };
  const { oneDrive } = APPS;
  return {
    kind,
    who,
    verdict: 'true_positive',
    deciding: { files: [NOTE] },
    description: `${who.name} (${who.upn}) uploaded 9 files with the extension ".lockedx" and deleted their originals.`,
    files: [{ name: NOTE }],
    deeds: [
      signIn(infected, -20),
      ...series(9, (index) =>
        decisive(file(infected, -18 + index, 'FileUploaded', `Report ${index + 1}.docx.lockedx`, oneDrive)),
      ),
      ...series(9, (index) => file(infected, -17 + index, 'FileDeleted', `Report ${index + 1}.docx`, oneDrive)),
      decisive(file(infected, -7, 'FileUploaded', NOTE, oneDrive)),
    ],
  };
}

/** False positive: a bulk rename to the design tool's own extension. */
export function bulkRename(who: Person): Incident {
  const desk = atOffice(who);
  return {
    kind,
    who,
    verdict: 'false_positive',
    description: `${who.name} (${who.upn}) renamed 14 files to an unusual extension within 15 minutes.`,
    deeds: series(14, (index) => decisive(file(desk, -30 + index, 'FileRenamed', `Campaign photo ${index + 1}.rawx`))),
  };
}
