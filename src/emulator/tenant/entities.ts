import type { Activity, Entity } from '../records.ts';
import { appName } from './apps.ts';
import { objectId } from './ids.ts';
import { groups, type Person, people } from './people.ts';
import { digitsOf } from './vary.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Long before any time in the tenant, in seconds from the start, for the ids of accounts and groups. */
const LONG_AGO = -400 * 24 * 3600;

const everyone = Object.values(people);

/** `type` of docs/defender-api.md 8.2 */
const ACCOUNT = 1;
const USER = 2;

const OFFICE = { appId: 11161, name: 'Office 365' };
const EXCHANGE = { appId: 20893, name: 'Microsoft Exchange Online' };

/** The lowest investigation priority that a person has. */
const LOWEST_SCORE = 12;

/** Every person as a user, and then every account in a further app (docs/defender-api.md 8.2); `start` in ms. */
export function createEntities(start: number, activities: readonly Activity[]): Entity[] {
  const lastSeen = lastTimes(activities);
  const users = everyone.map((who) => toUser(who, start, lastSeen));
  return [...users, ...everyone.flatMap((who) => who.accounts.map((app) => toAccount(who, app, lastSeen)))];
}

/** When everyone was last seen, in ms, by person id, and by person id and app for accounts; not by failed log-ons. */
function lastTimes(activities: readonly Activity[]): Map<string, number> {
  const times = new Map<string, number>();
  const apps = new Set(everyone.flatMap(({ accounts }) => accounts));
  const see = (key: string, time: number) => times.set(key, Math.max(time, times.get(key) ?? 0));
  for (const { entityData, appId, timestamp, failedUserData } of activities) {
    if (failedUserData) continue;
    const { id } = entityData['2'].id;
    see(id, timestamp);
    if (apps.has(appId)) see(keyOf(id, appId), timestamp);
  }
  return times;
}

const keyOf = (id: string, app: number): string => `${id} ${app}`;

function toUser(who: Person, start: number, lastSeen: ReadonlyMap<string, number>): Entity {
  const score = LOWEST_SCORE + ((who.number * 17) % 60);
  const apps = who.accounts.map((appId) => ({ appId, name: appName(appId) }));
  return {
    ...toEntity(who, OFFICE, who.id, lastSeen.get(who.id)),
    _id: objectId('entity', who.number, LONG_AGO),
    type: USER,
    status: who.status,
    role: who.isAdmin ? 'Global Administrator' : null,
    isAdmin: who.isAdmin,
    idType: 1,
    subApps: [{ ...OFFICE }, { ...EXCHANGE }, ...apps],
    threatScore: score,
    threatScoreHistory: [3, 2, 1].map((ago) => ({ dateUtc: start - ago * DAY, score: score - ago })),
  };
}

// An account in another app is active until that app is told otherwise, also if its user has left.
function toAccount(who: Person, appId: number, lastSeen: ReadonlyMap<string, number>): Entity {
  const id = `00${digitsOf(`account ${who.number} ${appId}`, 2)}`;
  return {
    ...toEntity(who, { appId, name: appName(appId) }, id, lastSeen.get(keyOf(who.id, appId))),
    _id: objectId('entity', 0x100 * who.number + (appId % 0x100), LONG_AGO),
    type: ACCOUNT,
    status: 2,
    role: null,
    isAdmin: false,
    idType: 2,
    subApps: [],
    threatScore: null,
    threatScoreHistory: [],
  };
}

function toEntity(who: Person, app: typeof OFFICE, id: string, lastSeen: number | undefined) {
  return {
    id,
    ii: `${app.appId}|0|${id}`,
    displayName: who.name,
    email: who.upn,
    domain: who.upn.replace(/^.*@/, ''),
    username: JSON.stringify({ id, saas: app.appId, inst: 0 }),
    organization: who.job,
    isExternal: who.isExternal,
    isFake: false,
    sid: null,
    appData: { ...app, saas: app.appId, instance: 0 },
    userGroups: groupsOf(who),
    identifiers: [who.upn],
    actions: [],
    lastSeen: lastSeen === undefined ? null : new Date(lastSeen).toISOString(),
  };
}

function groupsOf(who: Person): Entity['userGroups'] {
  const imported = Object.entries(groups).flatMap(([name, description], index) => {
    const members = everyone.filter((other) => other.groups.some((group) => group === name));
    const id = objectId('group', index + 1, LONG_AGO);
    return members.includes(who) ? [{ _id: id, id, name, description, usersCount: members.length }] : [];
  });
  const outside = { ...EXTERNAL_USERS, usersCount: everyone.filter(({ isExternal }) => isExternal).length };
  return who.isExternal ? [...imported, outside] : imported;
}

/** docs/defender-api.md 5.4 */
const EXTERNAL_USERS = {
  _id: objectId('group', 0xf001, LONG_AGO),
  id: '000000200000000000000000',
  name: 'External users',
  description: 'Users from outside the company',
};
