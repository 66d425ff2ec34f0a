import * as z from 'zod';
import { path } from '../../core/path.ts';
import { quoteField, quoteId } from '../../text/sanitize.ts';
import type { ToolApi } from '../../tool/tool.ts';
import { answerList } from '../shared/answer_list.ts';
import type { Filters } from '../shared/filters.ts';
import { countsText, ListOutput, type ListRequest } from '../shared/list_output.ts';
import { pagesOf } from '../shared/paged_list.ts';
import { isSameName } from '../shared/user_argument.ts';
import { toUser, USER_STATUSES, USER_TYPE, User, WireUser } from './user.ts';

/** Where lists of entities come from, and how they are read (docs/defender-api.md 8.1). */
export const entityList = { path: path`/api/v1/entities/`, pages: pagesOf(WireUser) };

export const Users = ListOutput({ users: z.array(User).meta({ description: 'Last seen first' }) });
export type Users = z.output<typeof Users>;

export interface UserQuery {
  readonly admin_only?: boolean | undefined;
  readonly external?: boolean | undefined;
  readonly status?: (typeof USER_STATUSES)[number] | undefined;
  readonly domain?: string | undefined;
  readonly app_id?: number | undefined;
}

/** The documented filters (docs/defender-api.md 8.2). */
function userFilters({ admin_only, external, status, domain, app_id }: UserQuery): Filters {
  return {
    type: { eq: [USER_TYPE] },
    ...(admin_only && { isAdmin: { eq: true } }),
    ...(external !== undefined && { isExternal: { eq: external } }),
    ...(status !== undefined && { status: { eq: [USER_STATUSES.indexOf(status)] } }),
    ...(domain !== undefined && { domain: { eq: [domain] } }),
    ...(app_id !== undefined && { app: { eq: [app_id] } }),
  };
}

/** Whether a record is what the filters ask for (docs/defender-api.md 3.4); what it does not say cannot be checked. */
function isAsked({ admin_only, external, status, domain, app_id }: UserQuery): (wire: WireUser) => boolean {
  const agrees = <T>(asked: T | undefined, said: T | undefined) =>
    asked === undefined || said === undefined || asked === said;
  return (wire) =>
    agrees(USER_TYPE, wire.type) &&
    agrees(admin_only || undefined, wire.isAdmin) &&
    agrees(external, wire.isExternal) &&
    agrees(status, USER_STATUSES[wire.status ?? -1]) &&
    (domain === undefined || wire.domain === undefined || isSameName(wire.domain, domain)) &&
    (app_id === undefined || mayUse(wire, app_id));
}

/** Unless all apps of a user are known, and this is none of them. */
function mayUse({ appData, subApps }: WireUser, app_id: number): boolean {
  const ids = [appData, ...subApps].map((app) => app?.id);
  return ids.includes(undefined) || ids.includes(app_id);
}

/** Users by any of the filters. */
export async function listUsers(api: ToolApi, { limit, cursor, ...query }: UserQuery & ListRequest): Promise<Users> {
  return answerList(
    api,
    { limit, cursor },
    {
      query,
      source: () => ({ ...entityList, filters: userFilters(query), wanted: isAsked(query) }),
      map: toUser,
      toAnswer: (users, counts) => ({ users: [...users], ...counts }),
      toText: usersText,
    },
  );
}

export function usersText(answer: Users): string {
  return [countsText('users', answer), ...answer.users.map(userLine)].join('\n');
}

/** A user in one line. */
export function userLine({ id, name, email, status, admin, external, role, domain, last_seen, threat_score }: User) {
  const facts = [
    [id && quoteId(id), name && quoteField(name)].filter(Boolean).join(' '),
    email && quoteField(email),
    status === 'unknown' ? 'status unknown' : status,
    admin && 'admin',
    external && 'external',
    role && `role ${quoteField(role)}`,
    domain && `domain ${quoteField(domain)}`,
    last_seen ? `last seen ${last_seen.slice(0, 16)}` : 'never seen',
    threat_score !== undefined && `threat score ${threat_score}`,
  ];
  return facts.filter(Boolean).join('; ');
}
