import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { dir: 'test', maxConcurrency: 12, testTimeout: 20_000, hookTimeout: 20_000 },
});
