import { defineConfig } from 'vitest/config';

/** What all packages share. A test that waits has its own shorter deadline; this one only ends hangs. */
export default defineConfig({
  test: { testTimeout: 20_000, hookTimeout: 60_000, teardownTimeout: 10_000 },
});
