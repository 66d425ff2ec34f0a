import { APPS, atHome, atOffice, decisive, file, mail, plainDeed, signIn } from '../deeds.ts';
import { devices } from '../devices.ts';
import { type AlertKind, INTENT, type Incident, SEVERITY, STORY } from '../incident.ts';
import type { Person } from '../people.ts';
import { pick } from '../pick.ts';
import { hosting, onTheRoad, type Place, vpn } from '../places.ts';

const kind: AlertKind = {
  policy: 'impossibleTravel',
  idValue: 15859716,
  title: 'Impossible travel activity',
  severity: SEVERITY.medium,
  story: STORY.threatDetection,
  intent: INTENT.initialAccess,
};

/** True positive: a stolen session hides mail and asks for money. */
export function stolenSession(who: Person): Incident {
  const place = pick(hosting, who.number);
  const thief = { who, place, device: devices.linux };
  return {
    kind: { ...kind, severity: SEVERITY.high },
    who,
    verdict: 'true_positive',
    deciding: { ranges: ['hosting'] },
    description: describe(who, who.office, place, 31),
    deeds: [
      signIn(atOffice(who), -62),
      mail(atOffice(who), -58, 'MailItemsAccessed', 'Inbox'),
      decisive(signIn(thief, -31, 'token replayed, no prompt')),
      mail(thief, -28, 'MailItemsAccessed', 'Inbox'),
      mail(thief, -24, 'SearchQueryInitiatedExchange', 'invoice OR payment'),
      decisive(mail(thief, -19, 'New-InboxRule', 'Move to RSS Feeds')),
      decisive(mail(thief, -12, 'Send', 'Changed bank details')),
    ],
  };
}

/** False positive: the same laptop through the company's own VPN. */
export function corporateVpn(who: Person): Incident {
  const tunnel = { who, place: vpn, device: who.device };
  return {
    kind,
    who,
    verdict: 'false_positive',
    deciding: { ranges: ['vpn'] },
    awayMinutes: 0,
    description: describe(who, who.home, vpn, 22),
    deeds: [
      decisive(signIn(atHome(who), -44)),
      mail(atHome(who), -40, 'MailItemsAccessed', 'Inbox'),
      decisive(signIn(tunnel, -22)),
      file(tunnel, -17, 'FileModified', 'Team budget.xlsx'),
      plainDeed(tunnel, -9, 'MessageSent', 'Team channel', APPS.teams),
      file(tunnel, -5, 'FileModified', 'Team budget.xlsx'),
    ],
  };
}

/** Benign: the person travels, while a mobile device at home still fetches mail. */
export function traveller(who: Person): Incident {
  const hotel = { who, place: pick(onTheRoad, who.number), device: devices.phone };
  return {
    kind,
    who,
    verdict: 'benign',
    awayMinutes: 720,
    description: describe(who, who.home, hotel.place, 47),
    deeds: [
      decisive(file(atHome(who), -945, 'FileAccessed', 'Trip itinerary and boarding pass.pdf')),
      decisive(mail(atHome(who), -905, 'Send', 'Out of office: travelling this week')),
      mail({ ...atHome(who), device: devices.phone }, -47, 'MailItemsAccessed', 'Inbox (background fetch)'),
      decisive(signIn(hotel, -41)),
      mail(hotel, -36, 'MailItemsAccessed', 'Inbox'),
      plainDeed(hotel, -20, 'MeetingParticipantDetail', 'Customer visit', APPS.teams),
    ],
  };
}

function describe(who: Person, first: Place, second: Place, minutes: number): string {
  return (
    `<p>The user <b>${who.name}</b> (${who.upn}) was active from ${first.ip} in ${first.country} and ` +
    `${second.ip} in ${second.country} within ${minutes} minutes.</p>` +
    '<p>If these are addresses of your own, add them on the <a href="#/subnet">IP address range page</a>.</p>'
  );
}
