import { type Findings, judge } from './judge.ts';
import { tryComments, tryErrorBodies, tryWriteReplies } from './other_inputs.ts';
import { PAYLOADS } from './payloads.ts';
import { numbered, planted } from './records.ts';
import { type Server, SURFACES, withServer } from './surfaces.ts';
import { MARK } from './unchanged.ts';
import { countShown, type Layer, type View, viewsOf } from './views.ts';

const TEXTS = PAYLOADS.map(({ text }) => text);
/** Harmless texts that are sorted as the payloads are, for lists by name. */
const MARKS = TEXTS.map((text) => `${MARK}${String(TEXTS.filter((other) => other < text).length).padStart(3, '0')}`);
const WRITES = ['confirm', 'allow'] as const;

/** Every payload in every field of text, seen through every surface that shows the field. */
export async function tryFields(): Promise<Findings> {
  const found: Findings = { active: [], forged: [], unquoted: [], bare: [], texts: 0 };
  await eachView((server, view) => tryView(server, view, found));
  await withServer('confirm', async (server) => {
    await tryComments(server, found);
    await tryErrorBodies(server, found);
  });
  await withServer('allow', (server) => tryWriteReplies(server, found));
  return found;
}

/** For each field of text that is shown, the surfaces that show it, some only where another field is absent. */
export type Shown = ReadonlyMap<string, readonly { readonly surface: string; readonly isStandIn: boolean }[]>;

export async function shownFields(): Promise<Shown> {
  const shown = new Map<string, { surface: string; isStandIn: boolean }[]>();
  await eachView(async (_server, { surface, collection, layers }) => {
    for (const { fields, isStandIn } of layers) {
      for (const { name } of fields) {
        const whole = `${collection}.${name}`;
        shown.set(whole, [...(shown.get(whole) ?? []), { surface: surface.name, isStandIn }]);
      }
    }
  });
  return new Map([...shown].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function eachView(visit: (server: Server, view: View) => Promise<void>): Promise<void> {
  for (const writes of WRITES) {
    await withServer(writes, async (server) => {
      for (const surface of SURFACES.filter((each) => each.writes === writes)) {
        for (const view of await viewsOf(server, surface)) await visit(server, view);
      }
    });
  }
}

async function tryView({ fixture }: Server, view: View, found: Findings): Promise<void> {
  const origin = fixture.emulator.url;
  const { name } = view.surface;
  for (const layer of view.layers) {
    const count = await countShown(view, layer, PAYLOADS.length);
    if (count < PAYLOADS.length) {
      await tryAllFields(view, layer, count, (where, harmless, replies) =>
        judge({ where: `${name}, ${where}`, harmless, replies, origin }, found),
      );
      continue;
    }
    for (const field of layer.fields) {
      const [harmless, replies] = await tryOneField(view, layer, field);
      judge({ where: `${name}, ${field.name}`, harmless, replies, origin }, found);
    }
  }
}

/** As many records as there are payloads, each with another one in the same field. */
async function tryOneField({ ask }: View, { record }: Layer, { places }: Layer['fields'][number]) {
  const replies = (textOf: (n: number) => string) =>
    ask(PAYLOADS.map((_payload, n) => planted(numbered(record, n), places, () => textOf(n))));
  return [await replies((n) => MARKS[n] ?? ''), await replies((n) => TEXTS[n] ?? '')] as const;
}

/** Another payload in each field of each record that is shown, so often that each field has had each payload. */
async function tryAllFields(
  { ask }: View,
  { record, fields }: Layer,
  count: number,
  compare: (where: string, harmless: Awaited<ReturnType<View['ask']>>, replies: typeof harmless) => void,
): Promise<void> {
  const places = fields.flatMap((field) => field.places);
  const replies = (textOf: (index: number) => string) =>
    ask(
      Array.from({ length: count }, (_, n) =>
        planted(numbered(record, n), places, (place) => textOf(n * places.length + places.indexOf(place))),
      ),
    );
  const harmless = await replies((index) => `${MARK}${index}`);
  for (let first = 0; first < TEXTS.length; first += count) {
    const textOf = (index: number) => {
      const [n, field] = [Math.floor(index / places.length), index % places.length];
      return TEXTS[(first + n + field) % TEXTS.length] ?? '';
    };
    compare(`all fields from ${PAYLOADS[first]?.id} on`, harmless, await replies(textOf));
  }
}
