import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    dir: 'test',
    // Most tests wait for a timeout or a back-off, so more of them than there are cores get on well.
    maxWorkers: 3,
    maxConcurrency: 12,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
