import { expect, test } from 'vitest';
import { start } from '../process.ts';

test.each(['log', 'info', 'error'])('what a library prints by console.%s is a JSON line on stderr', async (method) => {
  const script = `setTimeout(() => console.${method}(new Error('printed')), 200)`;
  const preload = `--import=data:text/javascript,${encodeURIComponent(script)}`;
  const running = start(['--demo'], { NODE_OPTIONS: preload });
  await expect.poll(() => running.stderr()).toContain('printed');
  running.child.stdin.end();
  await running.ended;
  expect(running.stdout()).toBe('');
  const lines = running
    .stderr()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', text: 'Error: printed' }));
});
