import { expect, test } from 'vitest';
import { type TrailReport, trailReportText } from '../../src/audit/verify.ts';

const WHOLE: TrailReport = {
  broken: undefined,
  lines: 1,
  intents: 1,
  outcomes: 1,
  carried: 0,
  open: [],
  hasHead: true,
  continues: undefined,
  hasUnfinished: false,
};
const NO_HEAD = 'There is no readable .head file beside it, so lines cut off at the end cannot be told.';
const textOf = (more: Partial<TrailReport>) => trailReportText({ ...WHOLE, ...more });

test.each([
  [{}, 'OK: 1 line, 1 write, the chain is whole.'],
  [{ lines: 0, intents: 0 }, 'OK: 0 lines, 0 writes, the chain is whole.'],
  [{ lines: 4, intents: 2 }, 'OK: 4 lines, 2 writes, the chain is whole.'],
  [{ hasHead: false }, `OK: 1 line, 1 write, the chain is whole.\n${NO_HEAD}`],
])('a whole trail is OK: %j', (more, text) => {
  expect(textOf(more)).toBe(text);
});

test('a broken one names its line, why, and what is whole before it', () => {
  const why = 'it is cut short: the file ends in it';
  expect(textOf({ broken: { line: 1, why }, lines: 0 })).toBe(`BROKEN at line 1: ${why}.`);
  expect(textOf({ broken: { line: 3, why }, lines: 2 })).toBe(
    `BROKEN at line 3: ${why}.\nThe chain is whole before it: 2 lines.`,
  );
  expect(textOf({ broken: { line: 2, why }, lines: 1, hasHead: false })).toBe(
    `BROKEN at line 2: ${why}.\nThe chain is whole before it: 1 line.\n${NO_HEAD}`,
  );
});

test('writes without an outcome are listed, so that somebody looks at them', () => {
  const open = { line: 3, time: '2026-01-02T03:04:05Z', tool: 'mdca_x', call: 'c', ids: 1 };
  const unknown = { line: 4, time: undefined, tool: undefined, call: undefined, ids: 0 };
  const look = 'no outcome: it may have been carried out or not. Check these items in the Defender portal:';
  expect(
    textOf({ open: [open] })
      .split('\n')
      .slice(1),
  ).toEqual([`1 write has ${look}`, '  line 3: 2026-01-02T03:04:05Z mdca_x, 1 id, call c']);
  expect(
    textOf({ open: [open, unknown] })
      .split('\n')
      .slice(1),
  ).toEqual([
    `2 writes have ${look}`,
    '  line 3: 2026-01-02T03:04:05Z mdca_x, 1 id, call c',
    '  line 4: (no valid time) (no valid tool), 0 ids, call (no valid id)',
  ]);
});

test('an append that has not ended is told', () => {
  expect(textOf({ hasUnfinished: true, lines: 5 }).split('\n').slice(1)).toEqual([
    'After line 5 stands an append that has not ended, or whose process was killed; if so, the next clears it.',
  ]);
});

test('the older file that it continues is told, and how many outcomes belong there', () => {
  const told = (carried: number) => textOf({ continues: 'abc', carried }).split('\n').slice(1).join('\n');
  const older = 'It continues an older file, in which a line has the SHA-256 abc.';
  expect(told(0)).toBe(older);
  expect(told(1)).toBe(`${older} 1 outcome belong to writes announced there.`);
  expect(told(2)).toBe(`${older} 2 outcomes belong to writes announced there.`);
});
