import { Fault } from '../../core/errors.ts';
import type { ReadApi } from '../../http/client.ts';
import { PAGE_SIZE, readList } from '../shared/paged_list.ts';
import { accountKey, isGuid, isSameName } from '../shared/user_argument.ts';
import { entityList } from './list_users.ts';
import { USER_TYPE, type WireUser } from './user.ts';

/** How many users of a domain are looked through for a name. */
const MOST_SEARCHED = 5 * PAGE_SIZE;

/** A user and the accounts of the same person, as far as the service ties them together. */
export interface Person {
  readonly user: WireUser;
  readonly accounts: readonly WireUser[];
}

/**
 * Finds a user by Entra object id or user principal name. The key of a user also finds its accounts
 * (docs/defender-api.md 8.2). One call for an id; a name may take six more.
 * @throws Fault `not_found`
 */
export async function findUser(api: ReadApi, name: string): Promise<Person> {
  const direct = await readByKey(api, name);
  if (direct) return direct;
  const id = isGuid(name) ? undefined : await idInDomain(api, name);
  const found = id === undefined ? undefined : await readByKey(api, id);
  if (found) return found;
  const how = isGuid(name) ? 'id' : 'name, as far as its first users of that domain tell';
  throw new Fault('not_found', `The tenant knows no user of this ${how}. mdca_list_users lists users.`);
}

async function readByKey(api: ReadApi, id: string): Promise<Person | undefined> {
  const filters = { entity: { eq: [accountKey(id)] } };
  const { items } = await readList(api, { ...entityList, filters, limit: PAGE_SIZE });
  const same = items.filter((item) => isSameName(item.id, id) || isSameName(item.email, id));
  const user = same.find(({ type }) => type === USER_TYPE) ?? same[0];
  return user && { user, accounts: items.filter((item) => item !== user) };
}

async function idInDomain(api: ReadApi, upn: string): Promise<string | undefined> {
  const filters = { type: { eq: [USER_TYPE] }, domain: { eq: [upn.replace(/^.*@/, '').toLowerCase()] } };
  const wanted = (wire: WireUser) => isSameName(wire.email, upn);
  const listing = await readList(api, { ...entityList, filters, limit: MOST_SEARCHED, pageSize: PAGE_SIZE });
  return listing.items.find(wanted)?.id;
}
