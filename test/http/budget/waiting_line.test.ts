import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWaitingLine, type Place } from '../../../src/http/budget/waiting_line.ts';

test('whatever comes and goes, the line holds what is left by position', () => {
  const deed = fc.oneof(
    fc.record({ add: fc.nat(50) }),
    fc.record({ remove: fc.nat(20) }),
    fc.constant('shift' as const),
  );
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 60 }), (deeds) => {
      const line = createWaitingLine<{ readonly position: number; readonly place: () => Place }>();
      let model: { readonly position: number; readonly place: () => Place }[] = [];
      for (const deed of deeds) {
        if (deed === 'shift') {
          expect(line.shift()).toBe(model.shift());
        } else if ('remove' in deed) {
          const [entry] = model.splice(deed.remove, 1);
          // The second time does nothing.
          for (let times = 0; times < 2; times++) entry?.place().remove();
          expect(entry?.place().ahead()).toBeUndefined();
        } else if (model.every(({ position }) => position !== deed.add)) {
          const entry = { position: deed.add, place: () => place };
          const place = line.add(entry);
          model = [...model, entry].toSorted((a, b) => a.position - b.position);
        }
        expect([...line]).toEqual(model);
        expect(line.size()).toBe(model.length);
      }
    }),
  );
});

test('an entry counts those ahead of it, also those that came later, and not those that have left in their turn', () => {
  const line = createWaitingLine<{ readonly position: number }>();
  const places = [10, 11, 12, 13].map((position) => line.add({ position }));
  expect(places.map((place) => place.ahead())).toEqual([0, 1, 2, 3]);
  const early = line.add({ position: 3 });
  expect([early, ...places].map((place) => place.ahead())).toEqual([0, 1, 2, 3, 4]);
  line.shift();
  line.shift();
  expect([early, ...places].map((place) => place.ahead())).toEqual([undefined, undefined, 0, 1, 2]);
});

test('what is shifted from an empty line is nothing', () => {
  const line = createWaitingLine<{ readonly position: number }>();
  expect(line.shift()).toBeUndefined();
  expect(line.size()).toBe(0);
});

/** Counts how often the positions of a line are looked at while so many come, are cancelled in any order, and leave. */
function looksFor(count: number): number {
  let looks = 0;
  const line = createWaitingLine<{ readonly position: number }>();
  const places = Array.from({ length: count }, (_, n) =>
    line.add({
      get position() {
        looks++;
        return n;
      },
    }),
  );
  for (let n = 1; n < count; n += 2) places[(n * 7) % count]?.remove();
  for (const place of places) place.ahead();
  while (line.size() > 0) line.shift();
  return looks;
}

test('ten times as many calls cost ten times as much', () => {
  expect(looksFor(20_000)).toBeLessThanOrEqual(10.1 * looksFor(2_000));
});
