import { rooms } from './rooms.mjs';

// Knip reads this file too, and names no room.
const room = process.env.MUTATION_ROOM ?? 'writes';

export default {
  mutate: rooms[room].mutate,
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.mjs', related: false },
  coverageAnalysis: 'perTest',
  // Nobody compiles the mutants: vitest strips their types.
  disableTypeChecks: false,
  // A file that is not there: Stryker would rewrite it by the API of a compiler that TypeScript 7 no longer has.
  tsconfigFile: 'none',
  concurrency: 2,
  timeoutMS: 15_000,
  timeoutFactor: 2,
  dryRunTimeoutMinutes: 10,
  reporters: ['progress-append-only', 'clear-text', 'json'],
  clearTextReporter: { allowColor: false, allowEmojis: false, reportTests: false },
  jsonReporter: { fileName: `reports/mutation/${room}.json` },
  allowConsoleColors: false,
};
