import type { Emulator } from '../../src/emulator/emulator.ts';
import type { Activity, Alert } from '../../src/emulator/records.ts';
import type { State } from '../../src/emulator/state.ts';
import { ALERT, APP, CLOSED_ALERT, OTHER_ALERT, POLICY, QUIET_POLICY, USER } from './ids.ts';

/** The records that tools and resources read. */
export type Records = Pick<State, 'alerts' | 'activities' | 'policies' | 'apps'>;
export type Collection = keyof Records;

/** A text in a record: its name, in which members of a list go by their `type` or `role`, and the way to it. */
export interface Place {
  readonly name: string;
  readonly path: readonly string[];
}

function placesIn(record: object, path: readonly string[] = [], parent = ''): Place[] {
  return Object.entries(record).flatMap(([key, value]) => {
    const name = Array.isArray(record) ? `${parent}[${labelOf(value)}]` : `${parent}${parent && '.'}${key}`;
    const way = [...path, key];
    if (typeof value === 'string') return [{ name, path: way }];
    return typeof value === 'object' && value !== null ? placesIn(value, way, name) : [];
  });
}

function labelOf(member: unknown): string {
  if (typeof member !== 'object' || member === null) return '';
  if ('type' in member) return String(member.type);
  return 'role' in member ? `role ${member.role}` : '';
}

/** A field of text, a record that has it, and where. */
export interface Field<T = object> {
  readonly name: string;
  readonly record: T;
  readonly places: readonly Place[];
}

/** Every field of text that occurs in any of the records, in the first record that has it. */
export function fieldsOf<T extends object>(records: readonly T[]): Field<T>[] {
  const fields = new Map<string, Field<T>>();
  for (const record of records) {
    const places = placesIn(record).filter(({ name }) => !fields.has(name));
    for (const { name } of places) {
      fields.set(name, { name, record, places: places.filter((place) => place.name === name) });
    }
  }
  return [...fields.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A copy with other texts in some of its places. */
export function planted<T extends object>(record: T, places: readonly Place[], textOf: (place: Place) => string): T {
  const copy = structuredClone(record);
  for (const place of places) {
    const holder = place.path.slice(0, -1).reduce<object>((inner, key) => Reflect.get(inner, key), copy);
    Reflect.set(holder, place.path.at(-1) ?? '', textOf(place));
  }
  return copy;
}

/** Open alerts first, as most is read of them; the others have comments and those who closed them. */
export function openFirst({ alerts }: State): Alert[] {
  return alerts.toSorted((a, b) => Number(a.resolutionStatusValue !== 0) - Number(b.resolutionStatusValue !== 0));
}

/** Newest first; a second apart, so that their order is certain. ms since the epoch */
export const timeOf = (start: number, n: number) => start - 60_000 - n * 1000;

const NONE = /^$/u;

/** What must stay, for a record to be found by its id. */
export const KEYS: Readonly<Record<Collection, RegExp>> = {
  alerts: /^_id$|type$|^policy\.id$|^entities\[policyRule\]\.id$/u,
  activities: /^entityData\.2\.id\.id$/u,
  policies: /^_id$/u,
  apps: NONE,
};

/**
 * A few records, among them each field that there is: two open alerts and a closed one that can be found by their ids,
 * one alert of which even those will be overwritten, and activities of one user.
 */
export function fewRecords(state: State): Records {
  const alerts = openFirst(state);
  const [open, other, closed] = [alerts[0], alerts[1], alerts.at(-1)];
  const [policy] = state.policies;
  const app = state.apps.find(({ appId }) => appId === APP);
  if (!open || !other || !closed || !policy || !app) throw new Error('The tenant of the emulator is empty.');
  const ofPolicy = { policy: { ...open.policy, id: POLICY } };
  return {
    alerts: [
      { ...open, ...ofPolicy, _id: ALERT },
      { ...other, ...ofPolicy, _id: OTHER_ALERT },
      { ...closed, _id: CLOSED_ALERT },
      { ...open, _id: UNFOUND },
    ],
    activities: [...new Set(fieldsOf(state.activities).map(({ record }) => record))].map(ofUser),
    policies: [
      { ...policy, _id: POLICY, enabled: true },
      { ...policy, _id: QUIET_POLICY, enabled: false },
    ],
    apps: [{ ...app, tags: [] }],
  };
}

const UNFOUND = 'unfound';

/** The same text in every field of all records, but for what must stay. */
export function filled(records: Records, start: number, text: string): Records {
  const fill = <T extends object>(record: T, keys: RegExp) => planted(record, freePlaces(record, keys), () => text);
  return {
    alerts: records.alerts.map((alert, n) => ({
      ...fill(alert, alert._id === UNFOUND ? NONE : KEYS.alerts),
      timestamp: timeOf(start, n),
    })),
    activities: records.activities.map((activity, n) => ({
      ...fill(activity, KEYS.activities),
      timestamp: timeOf(start, n),
    })),
    policies: records.policies.map((policy) => fill(policy, KEYS.policies)),
    apps: records.apps.map((app) => fill(app, KEYS.apps)),
  };
}

/** The same activity of the one user who is asked for. */
export function ofUser(activity: Activity): Activity {
  const [actor, account] = [activity.entityData['0'], activity.entityData['2']];
  const key = { id: USER, saas: 11161, inst: 0 };
  return { ...activity, entityData: { '0': actor, '1': null, '2': { ...account, id: key } } };
}

export function freePlaces(record: object, keys: RegExp): Place[] {
  return placesIn(record).filter(({ name }) => !keys.test(name));
}

/**
 * Has the service answer with these policies as they are. By itself the emulator finds none whose type is not in
 * capitals, and whoever plants a text there need not care.
 */
export function servePolicies({ fault }: Emulator, policies: readonly object[]): void {
  for (const policy of policies) {
    const path = '_id' in policy ? `/policies/${policy._id}/` : '';
    fault({ kind: 'status', status: 200, body: JSON.stringify(policy), method: 'GET', path, times: 0 });
  }
}

/** Records without the fields that others stand in for. */
export function sparseRecords(state: State): Readonly<Record<Collection, object[]>> {
  const few = fewRecords(state);
  const [alert] = few.alerts;
  const [activity] = few.activities;
  if (!alert || !activity) throw new Error('The tenant of the emulator is empty.');
  const named = (key: 'em' | 'pa') => {
    const entities = alert.entities.map(({ type, id, [key]: name = '' }) => ({ type, id, [key]: name }));
    return without({ ...alert, entities }, ['policy']);
  };
  const mainInfo = { ...activity.mainInfo, prettyOperationName: '' };
  return {
    ...few,
    alerts: [named('em'), named('pa')],
    activities: [
      without(activity, ['user', 'failedUserData', 'location', 'description']),
      without({ ...activity, mainInfo }, ['description', 'device']),
    ],
  };
}

function without(record: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
