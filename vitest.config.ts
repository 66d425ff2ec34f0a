import { readdirSync, readFileSync } from 'node:fs';
import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that keep every core busy; the others must not wait for them. */
const HEAVY = [
  'writes/kill.test.ts',
  'audit/processes.test.ts',
  'injection/*.test.ts',
  'defender/trigger/position.test.ts',
  'call/random_arguments.test.ts',
  'load.test.ts',
];

/** Tests that set a clock of their own. Modules that others have loaded could keep the real one. */
const CLOCKS = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
  .filter((file) => readFileSync(`test/${file}`, 'utf8').includes('useFakeTimers'))
  .map((file) => file.replaceAll('\\', '/'));

export default defineConfig({
  test: {
    dir: 'test',
    // Most tests wait for a timeout or a back-off, so more of them than there are cores get on well.
    maxWorkers: 4,
    maxConcurrency: 12,
    // Longer than any wait, as a slow machine is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...HEAVY, ...CLOCKS],
          sequence: { groupOrder: 0 },
          // Modules are loaded once for all files of a worker, which saves a third of the processor time.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'clocks', include: CLOCKS, sequence: { groupOrder: 0 } } },
      { extends: true, test: { name: 'heavy', include: HEAVY, maxWorkers: 2, sequence: { groupOrder: 1 } } },
    ],
  },
});
