import { APPS, admin, atOffice, decisive, plainDeed, signIn } from '../deeds.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import type { Person } from '../people.ts';

const kind: AlertKind = {
  policy: 'roleGranted',
  idValue: 15728641,
  title: 'Administrator role granted',
  severity: SEVERITY.medium,
  story: STORY.configuration,
  intent: INTENT.privilegeEscalation,
};

/** Benign: a reviewed request, for some hours only. */
export function onRequest(who: Person, forWhom: Person): Incident {
  const desk = atOffice(who);
  return {
    kind: { ...kind, severity: SEVERITY.low },
    who,
    related: forWhom,
    verdict: 'benign',
    description: describe(who, forWhom, 'Exchange Administrator'),
    deeds: [
      decisive(plainDeed(desk, -55, 'ticket.update', `Request approved: mailbox migration by ${forWhom.name}`, 14509)),
      signIn(desk, -50),
      decisive(admin(desk, -46, 'Add eligible member to role', `${forWhom.upn} as Exchange Administrator, 8 hours`)),
      admin(desk, -45, 'Add member to role', `${forWhom.upn} as Exchange Administrator`),
    ],
  };
}

/** True positive: no request, the highest role, and notifications switched off. */
export function withoutRequest(who: Person, forWhom: Person): Incident {
  const desk = atOffice(who);
  return {
    kind: { ...kind, severity: SEVERITY.high },
    who,
    related: forWhom,
    verdict: 'true_positive',
    description: describe(who, forWhom, 'Global Administrator'),
    deeds: [
      signIn(desk, -29),
      decisive(admin(desk, -26, 'Add member to role', `${forWhom.upn} as Global Administrator`)),
      decisive(admin(desk, -22, 'Update alert rule', 'Role changes: notifications off', APPS.defender)),
      admin(desk, -11, 'Reset user password', forWhom.upn),
    ],
  };
}

function describe(who: Person, forWhom: Person, role: string): string {
  return `Activity policy 'Administrator role granted' was triggered by ${who.upn}: ${forWhom.upn} is now ${role}.`;
}
