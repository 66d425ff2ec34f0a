import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_TIME } from '../../../src/defender/trigger/alert_time.ts';
import { fromCursor, MAX_CURSOR, toCursor } from '../../../src/defender/trigger/cursor.ts';
import { MAX_MARKS, type Position, positionAtStart, take } from '../../../src/defender/trigger/position.ts';
import type { TriggerAlert } from '../../../src/defender/trigger/trigger_alert.ts';
import waitTool from '../../../tools/wait_for_alerts.ts';

const NOW = 1_767_600_000_000;
const LATE = 600_000;
const TENANT = 'https://contoso.us2.portal.cloudappsecurity.com';
const TIME = { earliest: NOW, latest: NOW };
const NEW = positionAtStart({ alerts: [], complete: true, time: TIME });

function alertAt(time: number, id: string): TriggerAlert {
  const TimeGenerated = new Date(time).toISOString();
  const empty = { Metadata: {}, ExtendedProperties: {}, Entities: [], ExtendedLinks: [] };
  return { ProviderAlertId: id, TimeGenerated, ...empty };
}

function positionAt(text: string): Position {
  const position = fromCursor(text, TENANT);
  if ('problem' in position) throw new Error(position.problem);
  return position;
}

const hash = (data: string | Buffer, bytes: number) => createHash('sha256').update(data).digest().subarray(0, bytes);

/** A cursor of the given layout and content, with the right checksum. */
function cursorOf(prefix: string, content: Buffer): string {
  const body = Buffer.concat([hash(TENANT, 4), content]);
  return prefix + Buffer.concat([body, hash(body, 4)]).toString('base64url');
}

const moment = fc.oneof(fc.integer({ min: 0, max: 2 ** 42 }), fc.constantFrom(0, 127, 128, NO_TIME));
const mark = fc.stringMatching(/^[0-9a-f]{10}$/);
const positions = fc
  .record({
    time: fc.integer({ min: 0, max: 2 ** 41 }),
    place: fc.option(fc.record({ mark, passed: fc.integer({ min: 1, max: 20_000 }) })),
    from: moment,
    next: moment,
    due: moment,
    marks: fc.uniqueArray(fc.tuple(mark, moment), { maxLength: 40, selector: ([each]) => each }),
  })
  .map(({ time, place, marks, ...rest }): Position => {
    const later = marks.map(([each, after]) => [each, Math.min(NO_TIME, time + after)] as const);
    return {
      ...rest,
      since: { time, mark: place?.mark ?? '' },
      passed: place?.passed ?? 0,
      marks: new Map(later.toSorted(([, a], [, b]) => a - b)),
    };
  });

describe('a cursor', () => {
  test('decodes to the position that it was made from', () => {
    fc.assert(
      fc.property(positions, (position) => {
        const back = positionAt(toCursor(position, TENANT));
        expect(back).toEqual(position);
        expect([...back.marks]).toEqual([...position.marks]);
      }),
    );
  });

  test('that is damaged, foreign or no cursor at all is refused', () => {
    fc.assert(
      fc.property(positions, fc.nat(), fc.constantFrom('A', 'b', '_'), (position, at, letter) => {
        const cursor = toCursor(position, TENANT);
        const place = 3 + (at % (cursor.length - 4));
        const damaged = cursor.slice(0, place) + letter + cursor.slice(place + 1);
        if (damaged !== cursor) expect(fromCursor(damaged, TENANT)).toHaveProperty('problem');
        expect(fromCursor(cursor.slice(0, -1 - (at % 5)), TENANT)).toHaveProperty('problem');
      }),
    );
    expect(fromCursor(toCursor(NEW, TENANT), 'https://fabrikam.eu.portal.cloudappsecurity.com')).toEqual({
      problem: 'is of another tenant',
    });
    for (const text of ['', 'c1.', 'c2.', 'c2.AAAA', 'c3.AAAA', 'null', '0', '\u0000', toCursor(NEW, TENANT).slice(3)])
      expect(fromCursor(text, TENANT)).toHaveProperty('problem');
  });

  test('with a right checksum but any content is refused or read, and never fails', () => {
    const contents = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.uint8Array({ min: 120, max: 255, maxLength: 80 }),
      positions.map((position) => Buffer.from(toCursor(position, TENANT).slice(3), 'base64url').subarray(4, -5)),
    );
    fc.assert(
      fc.property(fc.constantFrom('c1.', 'c2.'), contents, (prefix, content) => {
        const read = fromCursor(cursorOf(prefix, Buffer.from(content)), TENANT);
        if ('problem' in read) return;
        const { since, passed, from, next, due, marks } = read;
        for (const number of [since.time, passed, from, next, due, ...marks.values()]) {
          expect(Number.isSafeInteger(number) && number >= 0).toBe(true);
        }
        expect(positionAt(toCursor(read, TENANT))).toEqual(read);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is short in a quiet tenant', () => {
    expect(toCursor(NEW, TENANT).length).toBeLessThan(60);
    const alerts = [1, 2, 3].map((n) => alertAt(NOW + n * LATE, `${n}`));
    const { position } = take(NEW, { alerts, complete: true, time: TIME }, { limit: 20, minSeverity: undefined });
    expect(toCursor(position, TENANT).length).toBeLessThan(100);
  });

  test('is never too long to be read, whatever has happened', () => {
    const worst = Array.from({ length: MAX_MARKS }, (_, n): [string, number] => [
      n.toString(16).padStart(10, '0'),
      Math.floor((NO_TIME / MAX_MARKS) * (n + 1)),
    ]);
    const position = { since: { time: 0, mark: 'f'.repeat(10) }, passed: NO_TIME, from: NO_TIME };
    const cursor = toCursor({ ...position, next: NO_TIME, due: NO_TIME, marks: new Map(worst) }, TENANT);
    expect(cursor.length).toBeLessThan(MAX_CURSOR);
    expect(waitTool.input.shape.cursor.safeParse(cursor).success).toBe(true);
    expect(positionAt(cursor).marks.size).toBe(MAX_MARKS);
    const tooMany = new Map([...worst, ['e'.repeat(10), NO_TIME]]);
    const more = toCursor({ ...position, next: 0, due: 0, marks: tooMany }, TENANT);
    expect(fromCursor(more, TENANT)).toHaveProperty('problem');
  });
});

describe('a cursor of the layout before', () => {
  const oldCursor = (high: number, ids: readonly string[]) => {
    const time = Buffer.alloc(6);
    time.writeUIntBE(high, 0, 6);
    return cursorOf('c1.', Buffer.concat([time, ...ids.map((id) => hash(id, 5))]));
  };

  test('is read: what it knew does not come again, what is new comes', () => {
    const rows = [
      alertAt(NOW, 'a'),
      alertAt(NOW - 5, 'b'),
      alertAt(NOW - LATE, 'late'),
      alertAt(NOW - LATE - 1, 'old'),
    ];
    const page = { alerts: rows, complete: true, time: TIME };
    const taken = take(positionAt(oldCursor(NOW, ['a', 'b'])), page, { limit: 20, minSeverity: undefined });
    expect(taken.alerts.map(({ ProviderAlertId }) => ProviderAlertId)).toEqual(['late']);
    expect(positionAt(oldCursor(5, []))).toMatchObject({ since: { time: 0 }, marks: new Map() });
  });

  test('is refused if it is cut, or has more marks than are kept', () => {
    const ids = Array.from({ length: MAX_MARKS + 1 }, (_, n) => `${n}`);
    expect(fromCursor(oldCursor(NOW, ids), TENANT)).toHaveProperty('problem');
    expect(positionAt(oldCursor(NOW, ids.slice(1))).marks.size).toBe(MAX_MARKS);
    expect(fromCursor(cursorOf('c1.', Buffer.alloc(5)), TENANT)).toHaveProperty('problem');
    expect(fromCursor(cursorOf('c1.', Buffer.alloc(7)), TENANT)).toHaveProperty('problem');
  });
});
