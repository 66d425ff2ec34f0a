import type { State } from '../../src/emulator/state.ts';
import { createTenant } from '../../src/emulator/tenant/tenant.ts';

/** The demo tenant; its ids are the same in every emulator. */
export const DEMO: State = createTenant(Date.now()).state;

export type Collection = keyof State;

function isCollection(name: string): name is Collection {
  return name in DEMO;
}

export const COLLECTIONS: readonly Collection[] = Object.keys(DEMO).filter(isCollection);

/** Where a text stands in a record: the way to it, and its name, in which members of lists go by `type` or `role`. */
export interface Place {
  readonly name: string;
  readonly path: readonly string[];
  readonly text: string;
}

export function placesIn(record: object, path: readonly string[] = [], parent = ''): Place[] {
  return Object.entries(record).flatMap(([key, value]) => {
    const name = Array.isArray(record) ? `${parent}[${labelOf(value)}]` : `${parent}${parent && '.'}${key}`;
    const way = [...path, key];
    if (typeof value === 'string') return [{ name, path: way, text: value }];
    return typeof value === 'object' && value !== null ? placesIn(value, way, name) : [];
  });
}

function labelOf(member: unknown): string {
  if (typeof member !== 'object' || member === null) return '';
  if ('type' in member) return String(member.type);
  return 'role' in member ? `role ${member.role}` : '';
}

/** A field of text of a record, and all places that go by its name. */
export interface Field {
  readonly name: string;
  readonly places: readonly Place[];
}

export function fieldsIn(record: object): Field[] {
  const places = placesIn(record);
  const names = [...new Set(places.map(({ name }) => name))].toSorted();
  return names.map((name) => ({ name, places: places.filter((place) => place.name === name) }));
}

/** A copy with other texts in some of its places. */
export function planted<T extends object>(record: T, places: readonly Place[], textOf: (place: Place) => string): T {
  return changed(record, places, (holder, key, place) => Reflect.set(holder, key, textOf(place)));
}

/** A copy without some of its places. */
export function without<T extends object>(record: T, places: readonly Place[]): T {
  return changed(record, places, (holder, key) => Reflect.deleteProperty(holder, key));
}

function changed<T extends object>(
  record: T,
  places: readonly Place[],
  change: (holder: object, key: string, place: Place) => void,
): T {
  const copy = structuredClone(record);
  for (const place of places) {
    const holder = place.path.slice(0, -1).reduce<object>((inner, key) => Reflect.get(inner, key), copy);
    change(holder, place.path.at(-1) ?? '', place);
  }
  return copy;
}

/** What `own` has, and where it has nothing, what `other` has. Members of lists are matched by their labels. */
function completed(own: unknown, other: unknown): unknown {
  if (own === null || own === undefined) return structuredClone(other);
  if (Array.isArray(own) && Array.isArray(other)) return completedList(own, other);
  if (typeof own !== 'object' || typeof other !== 'object' || other === null) return own;
  const members = [...Object.entries(own), ...Object.entries(other).filter(([key]) => !(key in own))];
  return Object.fromEntries(members.map(([key, value]) => [key, completed(value, Reflect.get(other, key))]));
}

/** A list of words stays: it can be a state, as the tags of an app are. */
function completedList(own: readonly unknown[], other: readonly unknown[]): unknown[] {
  if (other.some((member) => typeof member !== 'object')) return [...own];
  const labels = new Set(own.map(labelOf));
  const sameIn = (member: unknown) => other.find((one) => labelOf(one) === labelOf(member));
  const more = new Map(other.filter((one) => !labels.has(labelOf(one))).map((one) => [labelOf(one), one]));
  return [...own.map((member) => completed(member, sameIn(member))), ...structuredClone([...more.values()])];
}

const wholes = new Map<Collection, unknown>();

/** The record with every field that any record of its collection in the demo tenant has. */
export function complete<T extends object>(collection: Collection, record: T): T {
  const whole = wholes.get(collection) ?? DEMO[collection].reduce(completed, {});
  wholes.set(collection, whole);
  return Object.assign(structuredClone(record), completed(record, whole));
}

/** Newest first, a second apart, so that their order is certain. @param start ms since the epoch */
export function dated<T extends object>(record: T, start: number, n: number): T {
  return 'timestamp' in record ? { ...record, timestamp: start - 60_000 - n * 1000 } : record;
}

/** The n-th of many like it, with an id of its own; the first keeps its id. */
export function numbered(record: object, n: number): object {
  if (n === 0) return record;
  if ('_id' in record) return { ...record, _id: `${String(record._id).slice(0, -4)}${(0xe000 + n).toString(16)}` };
  return 'appId' in record ? { ...record, appId: Number(record.appId) + n } : record;
}
