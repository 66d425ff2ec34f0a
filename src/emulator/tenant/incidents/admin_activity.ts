import { APPS, admin, atOffice, plainDeed, series, signIn } from '../deeds.ts';
import { devices } from '../devices.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import type { Person } from '../people.ts';
import { pick } from '../pick.ts';
import { hosting } from '../places.ts';

const kind: AlertKind = {
  policy: 'adminActivity',
  idValue: 15859721,
  title: 'Suspicious administrative activity',
  severity: SEVERITY.medium,
  story: STORY.privilegedAccounts,
  intent: INTENT.privilegeEscalation,
};

/** True positive: an admin account, used from a server abroad, makes back doors. */
export function backDoors(who: Person): Incident {
  const thief = { who, place: pick(hosting, who.number), device: devices.script };
  return {
    kind: { ...kind, severity: SEVERITY.high },
    who,
    description: describe(who, 5),
    apps: [APPS.defender],
    deeds: [
      signIn(thief, -36, 'token replayed, no prompt'),
      admin(thief, -33, 'Add user', 'svc-update@contoso.com'),
      admin(thief, -31, 'Add member to role', 'svc-update@contoso.com as Global Administrator'),
      admin(thief, -24, 'Update conditional access policy', 'Require multifactor authentication: off'),
      admin(thief, -17, 'Add service principal credentials', 'Mail archive connector'),
      admin(thief, -9, 'Disable audit log', 'Unified audit log', APPS.exchange),
    ],
  };
}

/** Benign: a change that was announced. */
export function plannedChange(who: Person): Incident {
  const desk = atOffice(who);
  return {
    kind: { ...kind, severity: SEVERITY.low },
    who,
    description: describe(who, 9),
    deeds: [
      plainDeed(
        desk,
        -150,
        'MessageSent',
        'Channel: change window, moving support accounts to the new licence',
        APPS.teams,
      ),
      signIn(desk, -60),
      ...series(9, (index) => admin(desk, -50 + index * 3, 'Change user license', `support${index + 1}@contoso.com`)),
    ],
  };
}

function describe(who: Person, count: number): string {
  return `The administrator ${who.name} (${who.upn}) performed ${count} unusual administrative activities.`;
}
