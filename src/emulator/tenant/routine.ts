import { APPS, atHome, atOffice, type Deed, file, mail, plainDeed, type Session, signIn } from './deeds.ts';
import { devices } from './devices.ts';
import type { Person } from './people.ts';
import { pick } from './pick.ts';
import { vary } from './vary.ts';

const DOCUMENTS = ['Weekly plan.docx', 'Team budget.xlsx', 'Project brief.docx', 'Customer list.xlsx', 'Roadmap.pptx'];
const SUBJECTS = ['Re: agenda for Thursday', 'Minutes of the weekly meeting', 'Question about the invoice', 'Lunch?'];
const CHANNELS = ['Team channel', 'Announcements', 'Project channel'];

type Make = (session: Session, minute: number, luck: number) => Deed;

/** What people do all day; the earlier ones more often. */
const HABITS: readonly Make[] = [
  (session, minute) => mail(session, minute, 'MailItemsAccessed', 'Inbox'),
  (session, minute, luck) => file(session, minute, 'FileAccessed', pick(DOCUMENTS, session.who.number + (luck % 3))),
  (session, minute, luck) => plainDeed(session, minute, 'MessageSent', pick(CHANNELS, luck), APPS.teams),
  (session, minute) => file(session, minute, 'FileModified', pick(DOCUMENTS, session.who.number)),
  (session, minute, luck) => mail(session, minute, 'Send', pick(SUBJECTS, luck)),
  (session, minute) => mail(session, minute, 'MailItemsAccessed', 'Inbox'),
  (session, minute) => file(session, minute, 'FilePreviewed', 'Company news.docx'),
  (session, minute) => plainDeed(session, minute, 'MeetingParticipantDetail', 'Weekly meeting', APPS.teams),
];

/**
 * An ordinary day of work, to compare incidents with; no two are alike. It ends some 200 minutes, and `earlier` ones,
 * before minute 0. The seed decides about times, number and kinds of deeds.
 */
export function ordinaryDay(who: Person, seed: string, earlier = 0): Deed[] {
  const begin = -520 - vary(`${seed} begin`, 75) - earlier;
  const count = 6 + vary(`${seed} count`, 5);
  const desk = deskOf(who);
  const deeds = Array.from({ length: count }, (_, index) => {
    const luck = vary(`${seed} ${index}`, 10_000);
    const minute = begin + 9 + Math.round((index * 300) / count) + (luck % 19);
    return habit(luck % 7 === 0 ? onThePhone(desk) : desk, minute, luck);
  });
  return [signIn(desk, begin), ...deeds];
}

/** What a person does at work while something else happens in their name: up to two deeds, or none. */
export function besides(who: Person, seed: string): Deed[] {
  const count = vary(`${seed} besides`, 3);
  return Array.from({ length: count }, (_, index) => {
    const luck = vary(`${seed} besides ${index}`, 10_000);
    return habit(deskOf(who), -114 + index * 57 + (luck % 45), luck);
  });
}

const deskOf = (who: Person): Session => (who.number % 3 === 0 ? atHome(who) : atOffice(who));

const onThePhone = (session: Session): Session => ({ ...session, device: devices.phone });

// The square makes low numbers, and so the common habits, more likely.
function habit(session: Session, minute: number, luck: number): Deed {
  const index = Math.floor(((luck % 100) / 100) ** 2 * HABITS.length);
  return pick(HABITS, index)(session, minute, Math.floor(luck / 100));
}
