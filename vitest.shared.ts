import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Counted by tools/test.ts, and kept by nx beside the result that it caches. */
const resultFile = join(
  import.meta.dirname,
  '.cache/test-results',
  `${process.env['npm_package_name'] ?? 'unnamed'}.json`,
);

/** What all packages share. A test that waits has its own shorter deadline; this one only ends hangs. */
export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    reporters: ['default', ['json', { outputFile: resultFile }]],
  },
});
