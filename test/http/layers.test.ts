import { expect, test } from 'vitest';
import { compose, type Layer } from '../../src/http/layers.ts';
import { request, response } from './loopback.ts';

test('layers are passed from the outermost to the innermost, and back', async () => {
  const passed: string[] = [];
  const layer =
    (name: string): Layer =>
    (next) =>
    async (asked) => {
      passed.push(`${name} in`);
      const answer = await next(asked);
      passed.push(`${name} out`);
      return answer;
    };
  const answer = response();
  const send = compose([layer('outer'), layer('inner')], async () => {
    passed.push('sent');
    return answer;
  });
  await expect(send(request())).resolves.toBe(answer);
  expect(passed).toEqual(['outer in', 'inner in', 'sent', 'inner out', 'outer out']);
});

test('without layers the sender is left', () => {
  const send = async () => response();
  expect(compose([], send)).toBe(send);
});
