import { APPS, admin, atOffice, decisive, plainDeed, series, signIn } from '../deeds.ts';
import { devices } from '../devices.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import { type Person, people } from '../people.ts';
import { pick } from '../pick.ts';
import { hosting } from '../places.ts';
import { vary } from '../vary.ts';

const kind: AlertKind = {
  policy: 'adminActivity',
  idValue: 15859721,
  title: 'Suspicious administrative activity',
  severity: SEVERITY.medium,
  story: STORY.privilegedAccounts,
  intent: INTENT.privilegeEscalation,
};

const ANNOUNCEMENT = 'Channel: change window, moving support accounts to the new licence';

/** True positive: an admin account, used from a server abroad, makes back doors. */
export function backDoors(who: Person): Incident {
  const thief = { who, place: pick(hosting, who.number), device: devices.script };
  return {
    kind: { ...kind, severity: SEVERITY.high },
    who,
    verdict: 'true_positive',
    deciding: { ranges: ['hosting'], users: [people.update] },
    description: describe(who, 5),
    apps: [APPS.defender],
    deeds: [
      decisive(signIn(thief, -36, 'token replayed, no prompt')),
      admin(thief, -33, 'Add user', people.update.upn),
      decisive(admin(thief, -31, 'Add member to role', `${people.update.upn} as Global Administrator`)),
      admin(thief, -24, 'Update conditional access policy', 'Require multifactor authentication: off'),
      admin(thief, -17, 'Add service principal credentials', 'Mail archive connector'),
      decisive(admin(thief, -9, 'Disable audit log', 'Unified audit log', APPS.exchange)),
    ],
  };
}

/** Benign: a change that was announced. */
export function plannedChange(who: Person): Incident {
  const desk = atOffice(who);
  const count = 7 + vary(`change ${who.number}`, 5);
  return {
    kind: { ...kind, severity: SEVERITY.low },
    who,
    verdict: 'benign',
    deciding: { ranges: ['seattle'] },
    description: describe(who, count),
    deeds: [
      decisive(plainDeed(desk, -150, 'MessageSent', ANNOUNCEMENT, APPS.teams)),
      signIn(desk, -60),
      ...series(count, (index) =>
        decisive(admin(desk, -50 + index * 3, 'Change user license', `support${index + 1}@contoso.com`)),
      ),
    ],
  };
}

function describe(who: Person, count: number): string {
  return `The administrator ${who.name} (${who.upn}) performed ${count} unusual administrative activities.`;
}
