import { defineConfig } from 'vitest/config';
import { rooms } from './rooms.mjs';

/** What Stryker runs: the tests of one room, one after the other, so that it can tell what each of them reaches. */
export default defineConfig({
  test: {
    include: rooms[process.env.MUTATION_ROOM ?? 'writes'].tests,
    // A mutant that waits for ever is found out by a test that gives up, which is cheaper than a new process.
    testTimeout: 8_000,
    hookTimeout: 8_000,
    expect: { poll: { timeout: 5_000 } },
  },
});
