import * as z from 'zod';
import { quoteField, sanitizeOptional } from '../../text/sanitize.ts';
import { unlessEmpty } from '../shared/compact.ts';
import type { Person } from './find_user.ts';
import { userLine } from './list_users.ts';
import { toUser, User, type WireUser } from './user.ts';

/** The most groups, and the most accounts, of one answer. */
const MOST = 30;

const names = (description: string) => z.array(z.string()).optional().meta({ description });

/** One user in full. */
export const UserDetail = User.extend({
  organization: z.string().optional().meta({ description: 'Unit of the organization' }),
  groups: names('Groups, 30 at most'),
  accounts: names('Accounts in apps, 30 at most'),
  open_alerts: z.int().optional().meta({ description: 'Absent: unknown' }),
});
export type UserDetail = z.output<typeof UserDetail>;

/** @param open_alerts how many alerts about the user are open; undefined if that could not be told */
export function toUserDetail({ user, accounts }: Person, open_alerts: number | undefined): UserDetail {
  return {
    ...toUser(user),
    organization: sanitizeOptional(user.organization),
    groups: listed(user.userGroups),
    accounts: listed([...user.subApps.map(({ name }) => name), ...accounts.map(accountName)]),
    open_alerts,
  };
}

function listed(names: readonly (string | undefined)[]): string[] | undefined {
  return unlessEmpty([...new Set(names.flatMap((name) => sanitizeOptional(name) ?? []))].slice(0, MOST));
}

function accountName({ email, displayName, id }: WireUser): string | undefined {
  return email ?? displayName ?? id;
}

export function userDetailText(detail: UserDetail): string {
  const { organization, groups = [], accounts = [], open_alerts } = detail;
  return [
    userLine(detail),
    organization && `organization ${quoteField(organization)}`,
    groups.length > 0 && `groups ${groups.map((name) => JSON.stringify(name)).join(', ')}`,
    accounts.length > 0 && `accounts ${accounts.map((name) => JSON.stringify(name)).join(', ')}`,
    open_alerts === undefined ? 'open alerts unknown' : `open alerts ${open_alerts}`,
  ]
    .filter(Boolean)
    .join('\n');
}
