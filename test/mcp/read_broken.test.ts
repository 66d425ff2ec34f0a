import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBroken } from '../../src/mcp/transports/read_broken.ts';

const members = (line: string) => Object.fromEntries(readBroken(line));

test.each([
  ['{"id":5,"method":"ping"', { id: 5, method: 'ping' }],
  ['{"id":5,"method":"pi', { id: 5, method: undefined }],
  ['{"id":5,"method', { id: 5 }],
  ['{"id":5', { id: undefined }],
  ['{"id":5 ', { id: 5 }],
  ['{"id":5x,"a":1}', { id: undefined }],
  ['{"id":5 x,"a":1}', { id: undefined }],
  ['{"id":"a"b,"c":1}', { id: undefined }],
  ['{"id":5;"a":1}', { id: undefined }],
  ['{"id";5,"a":1}', { id: undefined }],
  ['{"id":05,"a":1}', { id: undefined }],
  ['{"id":5,,"a":1}', { id: 5 }],
  ['{"id":5}}', { id: 5 }],
  ['{"id":5},"a":1}', { id: 5 }],
  ['{"a":[1,{"b":"]}"},[]],"id":"x"]', { a: [1, { b: ']}' }, []], id: undefined }],
  ['{"a":[},"id":5}', { a: undefined }],
  ['{"a":"\\\\","b":"\\"","id":5', { a: '\\', b: '"', id: undefined }],
  ['{"id":5,"id":5,"a":1', { id: undefined, a: undefined }],
  ['{id:5}', {}],
  ['[{"id":5}', {}],
  ['"id":5', {}],
  ['{', {}],
  ['', {}],
])('%s says for sure %j', (line, expected) => {
  expect(members(line)).toStrictEqual(expected);
});

test('what is read of a line that was cut off is what the whole line says', () => {
  const whole = fc.record({
    a: fc.jsonValue(),
    id: fc.oneof(fc.integer(), fc.string(), fc.double()),
    method: fc.constantFrom('ping', 'a"b\\', '}'),
    b: fc.jsonValue(),
  });
  fc.assert(
    fc.property(whole, fc.nat(), (object, place) => {
      const line = JSON.stringify(object);
      const facts: Record<string, unknown> = JSON.parse(line);
      for (const [key, value] of readBroken(line.slice(0, place % line.length))) {
        if (value !== undefined) expect(value).toStrictEqual(facts[key]);
      }
    }),
  );
});

test('a line of 10 MiB is read', () => {
  const long = 'x'.repeat(10 << 20);
  expect(members(`{"params":"${long}","method":"a","id":5,`)).toMatchObject({ method: 'a', id: 5 });
  expect(members(`{"params":${'['.repeat(1 << 20)}`)).toEqual({ params: undefined });
  expect(members(`{"params":"${'\\"'.repeat(1 << 20)}`)).toEqual({ params: undefined });
});
