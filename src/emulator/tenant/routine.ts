import { APPS, atHome, atOffice, type Deed, file, mail, plainDeed, signIn } from './deeds.ts';
import type { Person } from './people.ts';

const DOCUMENTS = ['Weekly plan.docx', 'Team budget.xlsx', 'Project brief.docx', 'Customer list.xlsx', 'Roadmap.pptx'];

/** An ordinary day of work, to compare incidents with; ends `208 + earlier` minutes before minute 0. */
export function ordinaryDay(who: Person, earlier = 0): Deed[] {
  const desk = who.number % 3 === 0 ? atHome(who) : atOffice(who);
  const document = DOCUMENTS[who.number % DOCUMENTS.length] ?? 'Notes.docx';
  const day = [
    signIn(desk, -540),
    mail(desk, -531, 'MailItemsAccessed', 'Inbox'),
    file(desk, -498, 'FileAccessed', document),
    file(desk, -431, 'FileModified', document),
    plainDeed(desk, -377, 'MessageSent', 'Team channel', APPS.teams),
    mail(desk, -312, 'MailItemsAccessed', 'Inbox'),
    file(desk, -264, 'FilePreviewed', 'Company news.docx'),
    plainDeed(desk, -208, 'MeetingParticipantDetail', 'Weekly meeting', APPS.teams),
  ];
  return day.map((deed) => ({ ...deed, minute: deed.minute - earlier }));
}
