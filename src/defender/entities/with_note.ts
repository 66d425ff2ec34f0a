import { toFault } from '../../core/errors.ts';
import type { ReadApi } from '../../http/client.ts';
import { FINDS } from '../shared/finds.ts';
import type { Counts } from '../shared/list_output.ts';
import { PAGE_SIZE, readList } from '../shared/paged_list.ts';
import { accountKey, isGuid, isSameName } from '../shared/user_argument.ts';
import { entityList } from './list_users.ts';
import { USER_TYPE } from './user.ts';

/** Ids by which a list was narrowed. */
export interface Narrowed {
  readonly user?: string | undefined;
  readonly alert_id?: string | undefined;
  readonly policy_id?: string | undefined;
  readonly app_id?: number | undefined;
}

/**
 * The same answer, with a note if it is empty and an id may be the reason: an empty list about a user whom the tenant
 * does not know must not read as clean. One more call, and only for an empty list about a user.
 */
export async function withNote<Answer extends Counts>(
  api: ReadApi,
  { user, alert_id, policy_id, app_id }: Narrowed,
  answer: Answer,
): Promise<Answer & Pick<Counts, 'note'>> {
  if (answer.returned > 0 || answer.has_more || (answer.total ?? 0) > 0) return answer;
  const notes = [
    answer.note,
    user !== undefined && (await noteOnUser(api, user)),
    alert_id !== undefined &&
      `alert_id was not checked: ${FINDS.alert}; mdca_get_alert also finds what does not name it.`,
    policy_id !== undefined && `policy_id was not checked: ${FINDS.policy}.`,
    app_id !== undefined && `app_id was not checked: ${FINDS.app}.`,
  ].filter(Boolean);
  return notes.length === 0 ? answer : { ...answer, note: notes.join(' ') };
}

/** @returns undefined for a user whom the tenant knows */
async function noteOnUser(api: ReadApi, user: string): Promise<string | undefined> {
  try {
    const known = await isKnown(api, user);
    if (known) return undefined;
    return known === false
      ? 'The tenant knows no such user, so this does not mean that nothing happened. mdca_list_users lists users.'
      : unclear('one page of users does not show it');
  } catch (error) {
    const { code } = toFault(error);
    if (code === 'cancelled' || code === 'internal') throw error;
    return unclear(`the check failed: ${code}`);
  }
}

function unclear(why: string): string {
  return (
    `It cannot be told whether the tenant knows this user (${why}), so this may not mean that nothing happened. ` +
    'mdca_get_user looks further.'
  );
}

/** Reads one page. @returns undefined if that does not tell */
async function isKnown(api: ReadApi, user: string): Promise<boolean | undefined> {
  const filters = isGuid(user)
    ? { entity: { eq: [accountKey(user)] } }
    : { type: { eq: [USER_TYPE] }, domain: { eq: [user.replace(/^.*@/, '').toLowerCase()] } };
  const { items, hasMore, unreadable } = await readList(api, { ...entityList, filters, limit: PAGE_SIZE });
  if (items.some(({ id, email }) => isSameName(id, user) || isSameName(email, user))) return true;
  return hasMore || unreadable > 0 ? undefined : false;
}
