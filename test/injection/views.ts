import type { State } from '../../src/emulator/state.ts';
import { recordId } from '../samples.ts';
import { leavesOf } from './json.ts';
import {
  COLLECTIONS,
  type Collection,
  dated,
  type Field,
  fieldsIn,
  numbered,
  placesIn,
  planted,
  without,
} from './records.ts';
import { smallTenant } from './small_tenant.ts';
import type { Reply, Server, Surface } from './surfaces.ts';
import { MARK } from './unchanged.ts';

/** Fields that a surface shows of a record. */
export interface Layer {
  readonly record: object;
  readonly fields: readonly Field[];
  /** The record lacks what the layers before show: these fields stand in for it. */
  readonly isStandIn: boolean;
}

/** What a surface shows of the records of a collection. */
export interface View {
  readonly surface: Surface;
  readonly collection: Collection;
  readonly layers: readonly Layer[];
  /** Asks the surface while these are the only records of the collection. */
  readonly ask: (records: readonly object[]) => Promise<Reply[]>;
}

/**
 * Tools that read, and resources, that show no text of any record, whatever the tenant holds: add the name of one here,
 * and nothing is tried on it.
 */
const SHOWS_NO_TEXT: readonly string[] = [];

/** Whatever a surface shows: found by planting a mark in one field after the other. @throws Error for none */
export async function viewsOf(server: Server, surface: Surface): Promise<View[]> {
  const start = Date.now();
  const { state } = server.fixture.emulator;
  const held = smallTenant(start);
  const place = (others: object) => {
    Object.assign(state, surface.writes === 'allow' ? smallTenant(start) : held, others);
  };
  place({});
  const { replies, collections } = await askAndWatch(state, () => surface.ask(server));
  const [failed] = replies.filter(({ isError }) => isError);
  if (failed)
    throw new Error(`${surface.name} fails; give its arguments values in VALUES of test/samples.ts. ${failed.text}`);
  const words = wordsIn(replies);
  const views: View[] = [];
  for (const collection of collections) {
    const record = mostShown(held[collection] ?? [], words, surface.named);
    if (!record) continue;
    const ask = (records: readonly object[]) => {
      place({ [collection]: records.map((each, n) => dated(structuredClone(each), start, n)) });
      return surface.ask(server, records.map(recordId));
    };
    const layers = await layersOf(ask, record);
    if (layers.length > 0) views.push({ surface, collection, layers, ask });
  }
  // What reads no record, as the guides, can show none.
  if (surface.isReading && collections.size > 0 && views.length === 0 && !SHOWS_NO_TEXT.includes(surface.name))
    throw new Error(advice(surface));
  return views;
}

/** Asks, and notes of which collections the emulator reads records for it. */
async function askAndWatch(state: State, ask: () => Promise<Reply[]>) {
  const collections = new Set<Collection>();
  const shared = { configurable: true, enumerable: true };
  const held = { ...state };
  for (const collection of COLLECTIONS) {
    const get = () => {
      collections.add(collection);
      return held[collection];
    };
    Object.defineProperty(state, collection, { ...shared, get });
  }
  const replies = await ask();
  for (const collection of COLLECTIONS) {
    Object.defineProperty(state, collection, { ...shared, writable: true, value: held[collection] });
  }
  return { replies, collections };
}

const advice = ({ name }: Surface) =>
  `${name} shows no text of any record. Give its arguments values in VALUES of test/samples.ts that find one; or, if ` +
  'it never shows any, add its name to SHOWS_NO_TEXT in test/injection/views.ts.';

/** Texts that stand alone in a value, or in quotes in a text. */
function wordsIn(replies: readonly Reply[]): ReadonlySet<string> {
  const leaves = replies.flatMap(({ text, value }) => [text, ...leavesOf(value).map((leaf) => leaf.text)]);
  const quoted = leaves.flatMap((leaf) => leaf.match(/"(?:[^"\\]|\\.)*"/gu) ?? []);
  return new Set([...leaves, ...quoted.map((quote) => quote.slice(1, -1))]);
}

/** The record that is named, or else the one of which most texts are among the words. */
function mostShown(records: readonly object[], words: ReadonlySet<string>, named: ReadonlySet<string>) {
  const scored = records.map((record) => {
    const shown = placesIn(record).filter(({ text }) => text.length > 3 && words.has(text)).length;
    return { record, shown, isNamed: named.has(String(recordId(record))) };
  });
  const [best] = scored
    .filter(({ shown, isNamed }) => isNamed || shown > 0)
    .toSorted((a, b) => Number(b.isNamed) - Number(a.isNamed) || b.shown - a.shown);
  return best?.record;
}

async function layersOf(ask: View['ask'], whole: object): Promise<Layer[]> {
  const layers: Layer[] = [];
  let record = whole;
  for (let left = fieldsIn(record); ; ) {
    const fields: Field[] = [];
    for (const field of left) if (await isShown(ask, record, field)) fields.push(field);
    if (fields.length === 0) return layers;
    layers.push({ record, fields, isStandIn: layers.length > 0 });
    // Without its id it would be no record.
    record = without(
      record,
      fields.filter(({ name }) => name !== '_id').flatMap(({ places }) => places),
    );
    const seen = new Set(layers.flatMap((layer) => layer.fields.map(({ name }) => name)));
    left = fieldsIn(record).filter(({ name }) => !seen.has(name));
  }
}

async function isShown(ask: View['ask'], record: object, { places }: Field): Promise<boolean> {
  const replies = await ask([planted(record, places, () => `${MARK}0`)]);
  return JSON.stringify(replies).includes(`${MARK}0`);
}

/** How many of so many records are shown at once. */
export async function countShown({ ask }: View, { record, fields: [field] }: Layer, most: number): Promise<number> {
  const places = field?.places ?? [];
  const records = Array.from({ length: most }, (_, n) => planted(numbered(record, n), places, () => `${MARK}${n}`));
  const found = JSON.stringify(await ask(records)).match(new RegExp(`${MARK}\\d+`, 'gu'));
  return new Set(found).size;
}
