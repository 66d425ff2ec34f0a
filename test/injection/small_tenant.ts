import * as resources from '../../src/resources/index.ts';
import { tools } from '../fixture.ts';
import { argsFor, recordId, valuesFor } from '../samples.ts';
import { valuesIn } from './arguments.ts';
import * as ids from './ids.ts';
import { COLLECTIONS, type Collection, complete, DEMO, dated, type Place, placesIn, planted } from './records.ts';

/** Ids that arguments of tools, addresses of resources or payloads name. */
const NAMED: ReadonlySet<string> = new Set([
  ...tools.flatMap(({ name }) => Object.entries(argsFor(name)).flatMap(idsIn)),
  ...Object.values(resources).flatMap(({ params }) =>
    Object.keys(params.shape).flatMap((name) => valuesIn(valuesFor(name, DEMO)[0])),
  ),
  ...valuesIn(Object.values(ids)),
]);

function idsIn([argument, value]: [string, unknown]): string[] {
  return /_ids?$/u.test(argument) ? valuesIn(value) : [];
}

/** Of each collection the records that are named, by their own id or within them, with every field that there is. */
const SMALL: Readonly<Record<string, readonly object[]>> = Object.fromEntries(
  COLLECTIONS.map((collection) => [collection, namedIn(collection).map((record) => complete(collection, record))]),
);

function namedIn(collection: Collection): object[] {
  const records: readonly object[] = DEMO[collection];
  const named = [...NAMED].map(
    (value) =>
      records.find((record) => String(recordId(record)) === value) ??
      records.find((record) => placesIn(record).some(({ text }) => text === value)),
  );
  return [...new Set([...named, records[0]])].filter((record) => record !== undefined);
}

/** A small tenant in which every argument of test/samples.ts finds what it names. @param start ms since the epoch */
export function smallTenant(start: number): Readonly<Record<string, object[]>> {
  return mapped((records) => records.map((record, n) => dated(structuredClone(record), start, n)));
}

/**
 * The small tenant with the same text in every field, but for those by which records are found; and one more record of
 * each collection in which even those have it.
 */
export function tenantFilledWith(text: string, start: number): Readonly<Record<string, object[]>> {
  const fill = (record: object, isKept: (place: Place) => boolean) =>
    planted(
      record,
      placesIn(record).filter((place) => !isKept(place)),
      () => text,
    );
  return mapped((records) =>
    [
      ...records.map((record) => fill(record, ({ name, text: own }) => NAMED.has(own) || name.endsWith('.type'))),
      ...records.slice(0, 1).map((record) => fill(record, () => false)),
    ].map((record, n) => dated(record, start, n)),
  );
}

function mapped(map: (records: readonly object[]) => object[]): Record<string, object[]> {
  return Object.fromEntries(Object.entries(SMALL).map(([collection, records]) => [collection, map(records)]));
}

/** The ids that an argument can be given here. */
export function choicesFor(argument: string): unknown[] {
  const known = new Set(valuesFor(argument, DEMO).flat());
  return [...known].filter((id) => NAMED.has(String(id)));
}
