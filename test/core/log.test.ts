import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog, LEVELS } from '../../src/core/log.ts';

const SECRET = 'PLANTED-SECRET-7f3a';
const character = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

/** The lines that `write` logs at this level. */
function logged(
  write: (log: ReturnType<typeof createLog>) => void,
  level: (typeof LEVELS)[number] = 'debug',
): string[] {
  const lines: string[] = [];
  write(createLog(level, (line) => lines.push(line)));
  return lines;
}

const errorLine = (error: unknown): string => logged((log) => log.error('defect', { error })).join('\n');

test('a line is one JSON object with time, level, message and facts', () => {
  const facts = fc.dictionary(
    fc.string().map((key) => `fact ${key}`),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...LEVELS), fc.string({ unit: character }), facts, (level, message, given) => {
      const lines = logged((log) => log[level](message, given));
      expect(lines).toHaveLength(1);
      expect(lines[0]).not.toMatch(/[\r\n]/);
      const { time, ...rest } = JSON.parse(lines[0] ?? '');
      expect(new Date(time).toISOString()).toBe(time);
      expect(rest).toEqual(JSON.parse(JSON.stringify({ level, message, ...given })));
    }),
  );
});

test.each([
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['info', ['info', 'warn', 'error']],
  ['warn', ['warn', 'error']],
  ['error', ['error']],
] as const)('level %s lets through %j', (level, expected) => {
  const lines = logged((log) => {
    for (const own of LEVELS) log[own]('x');
  }, level);
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(expected);
});

describe('an error', () => {
  test('shows its name and its frames', () => {
    const line = JSON.parse(errorLine(new RangeError('x')));
    expect(line).toMatchObject({ level: 'error', message: 'defect', error: { name: 'RangeError' } });
    expect(line.error.at.length).toBeGreaterThan(0);
    expect(line.error.at.length).toBeLessThanOrEqual(6);
    expect(line.error.at[0]).toContain('log.test.ts');
  });

  const withSecret = (error: Error) => Object.assign(error, { body: SECRET });
  const withoutStack = (error: Error) => Object.assign(error, { stack: undefined });

  test.each([
    ['alone', new Error(SECRET)],
    ['of several lines', new Error(`first\n${SECRET}\nlast`)],
    ['that looks like a frame', new Error(`first\n    at ${SECRET}`)],
    ['of a parser, which quotes what it read', parseError(SECRET)],
    ['in a list', [new Error(SECRET)]],
    ['deep in a fact', { a: { b: new Error(SECRET) } }],
    ['as the cause of another', new Error('outer', { cause: new Error(SECRET) })],
    ['among others', new AggregateError([new Error(SECRET)], SECRET)],
    ['beside other members', withSecret(new Error('x'))],
    ['without a stack', withoutStack(new Error(SECRET))],
    ['that turns itself into JSON', Object.assign(new Error(SECRET), { toJSON: () => ({ message: SECRET }) })],
  ])('never shows its message: %s', (_where, error) => {
    expect(errorLine(error)).not.toContain(SECRET);
  });
});

function parseError(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}
