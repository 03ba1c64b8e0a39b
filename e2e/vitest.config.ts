import { defineConfig } from 'vitest/config';
import { secondTry } from '../vitest.shared.ts';

/**
 * Each file starts a whole Floe: one at a time, or two cores would measure their own crowding. The limits only end
 * hangs; every wait inside of a test has its own.
 */
export default defineConfig({
  test: {
    include: ['**/*.e2e.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
    retry: secondTry,
  },
});
