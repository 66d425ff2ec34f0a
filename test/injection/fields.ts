import type { State } from '../../src/emulator/state.ts';
import { type Person, withFixture } from '../fixture.ts';
import { tryBodies, tryReplies, tryWords } from './asides.ts';
import { MARK } from './envelope.ts';
import { ALERT, APP, POLICY } from './ids.ts';
import { isRecord } from './json.ts';
import { type Findings, judge } from './judge.ts';
import { PAYLOADS } from './payloads.ts';
import { type Reply, type Room, SURFACES, type Surface, toolReply } from './surfaces.ts';
import {
  type Collection,
  type Field,
  fieldsOf,
  freePlaces,
  KEYS,
  ofUser,
  openFirst,
  planted,
  type Records,
  servePolicies,
  sparseRecords,
  timeOf,
} from './tenant.ts';

/** For each field of text in the records, and some more in sparse ones, the surfaces that show it. */
export type Shown = ReadonlyMap<string, readonly string[]>;

const TEXTS = PAYLOADS.map(({ text }) => text);
const CONFIRM = { environment: { MDCA_WRITES: 'confirm', MDCA_CALLS_PER_MINUTE: '1000000' } };
const ALLOW = { environment: { ...CONFIRM.environment, MDCA_WRITES: 'allow' } };

/** Every payload in every field of text, seen through every surface that reads the field's records. */
export async function tryFields(): Promise<Findings> {
  const found: Findings = { live: [], forged: [], unquoted: [], bare: [], texts: 0 };
  const visit = async (scene: Scene, fields: readonly Field[]) => {
    if (!scene.surface.isList) return tryAllFields(scene, fields, found);
    for (const field of fields) {
      if (!(await showsField(scene, field))) continue;
      await tryOneField(scene, field, found);
      if (scene.surface.isLikeAnother) return;
    }
  };
  await inRoom(CONFIRM, async (room) => {
    await eachSurface(room, false, visit);
    await tryWords(room, found);
    await tryBodies(room, found);
  });
  await inRoom(ALLOW, async (room) => {
    await eachSurface(room, true, visit);
    await tryReplies(room, found);
  });
  return found;
}

export async function shownFields(): Promise<Shown> {
  const shown = new Map<string, string[]>();
  const visit = async (scene: Scene, fields: readonly Field[]) => {
    const { collection, name } = scene.surface;
    for (const field of fields) {
      const whole = `${collection}.${field.name}`;
      const isShown = await showsField(scene, field);
      shown.set(whole, [...(shown.get(whole) ?? []), ...(isShown ? [name] : [])]);
    }
  };
  await inRoom(CONFIRM, (room) => eachSurface(room, false, visit));
  await inRoom(ALLOW, (room) => eachSurface(room, true, visit));
  return shown;
}

async function inRoom(options: typeof CONFIRM, run: (room: Room) => Promise<void>): Promise<void> {
  await withFixture(async (fixture) => {
    let last: Reply = { text: '' };
    const person: Person = ({ message, requestedSchema }) => {
      last = { text: message, value: requestedSchema };
      return { action: 'decline' };
    };
    const asking = await fixture.connect(person);
    const { value } = await toolReply(fixture.client, 'mdca_wait_for_alerts', { wait_seconds: 0 });
    const cursor = isRecord(value) ? String(value.cursor) : '';
    const asked = () => {
      const question = last;
      last = { text: '' };
      return question;
    };
    await run({ fixture, asking, asked, cursor });
  }, options);
}

/** Alerts that are open and apps that are untagged come before others; activities are all of the one user. */
function recordsOf(state: State): Records {
  const apps = state.apps.toSorted((a, b) => a.tags.length - b.tags.length);
  return { ...state, alerts: openFirst(state), activities: state.activities.map(ofUser), apps };
}

/** Of full records, and of sparse ones those that stand in for others. */
function allFields(state: State): Readonly<Record<Collection, readonly Field[]>> {
  const [full, sparse] = [recordsOf(state), sparseRecords(state)];
  const of = (collection: Collection) => [
    ...fieldsOf<object>(full[collection]),
    ...fieldsOf<object>(sparse[collection])
      .filter(({ name }) => STANDS_IN.test(name))
      .map((field) => ({ ...field, name: `${field.name}${ALONE}` })),
  ];
  return { alerts: of('alerts'), activities: of('activities'), policies: of('policies'), apps: of('apps') };
}

type Visit = (scene: Scene, fields: readonly Field[]) => Promise<void>;

async function eachSurface(room: Room, writes: boolean, visit: Visit): Promise<void> {
  const { state, clearFaults } = room.fixture.emulator;
  const pristine = { ...state };
  const start = Date.now();
  const fields = allFields(pristine);
  for (const surface of SURFACES.filter((one) => (one.writes ?? false) === writes)) {
    const { collection } = surface;
    const place = (records: readonly object[]) => {
      const dated = records.map((record, n) => ({ ...record, ...DATED[collection](start, n) }));
      Object.assign(state, pristine, { [collection]: dated });
      clearFaults();
      if (collection === 'policies') servePolicies(room.fixture.emulator, dated);
    };
    await visit({ room, surface, place }, fields[collection]);
  }
  Object.assign(state, pristine);
  clearFaults();
}

/** Fields that are shown where another is absent. */
const STANDS_IN = /^entities\[account\]\.(?:em|pa)$|prettyOperationName$|^resolvedActor\.name$|^device\.countryCode$/u;
export const ALONE = ', alone';

interface Scene {
  readonly room: Room;
  readonly surface: Surface;
  /** Makes these the only records of their kind. */
  readonly place: (records: readonly object[]) => void;
}

/** What a record needs to be read: the first bears the id that is asked for. */
const DATED: Readonly<Record<Collection, (start: number, n: number) => object>> = {
  alerts: (start, n) => ({ timestamp: timeOf(start, n) }),
  activities: (start, n) => ({ timestamp: timeOf(start, n) }),
  policies: () => ({ enabled: true }),
  apps: () => ({ appId: APP }),
};

const idOf = (n: number) => (n === 0 ? ALERT : `5eed${n.toString(16).padStart(20, '0')}`);
const withId = (record: object, n: number) =>
  'alertsEnabled' in record ? { ...record, _id: POLICY } : { ...record, _id: idOf(n) };

async function showsField({ room, surface, place }: Scene, { record, places }: Field): Promise<boolean> {
  place([planted(withId(record, 0), places, () => `${MARK}0`)]);
  return JSON.stringify(await surface.ask(room)).includes(`${MARK}0`);
}

/** As many records as there are payloads, each with another one in the same field. */
async function tryOneField(scene: Scene, { name, record, places }: Field, found: Findings): Promise<void> {
  const { room, surface, place } = scene;
  const replies = async (textOf: (n: number) => string) => {
    place(PAYLOADS.map((_payload, n) => planted(withId(record, n), places, () => textOf(n))));
    return surface.ask(room);
  };
  const harmless = await replies((n) => `${MARK}${n}`);
  judge(
    {
      where: `${surface.name}, ${name}`,
      harmless,
      replies: await replies((n) => TEXTS[n] ?? ''),
      origin: room.fixture.emulator.url,
    },
    found,
  );
}

/** A payload in each field of one record, another one in each, so often that each field has had each payload. */
async function tryAllFields(scene: Scene, fields: readonly Field[], found: Findings): Promise<void> {
  const { room, surface, place } = scene;
  const records = fields.map(({ record }) => ({ record, places: freePlaces(record, KEYS[surface.collection]) }));
  const [fullest] = records.toSorted((a, b) => b.places.length - a.places.length);
  if (!fullest) return;
  const { record, places } = fullest;
  const replies = async (textOf: (index: number) => string) => {
    place([planted(withId(record, 0), places, (each) => textOf(places.indexOf(each)))]);
    return surface.ask(room);
  };
  const harmless = await replies((index) => `${MARK}${index}`);
  for (const [n, { id }] of PAYLOADS.entries()) {
    const where = `${surface.name}, all fields from ${id} on`;
    const textOf = (index: number) => TEXTS[(n + index) % TEXTS.length] ?? '';
    judge({ where, harmless, replies: await replies(textOf), origin: room.fixture.emulator.url }, found);
  }
}
