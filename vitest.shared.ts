import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { freshSeed } from './tools/fresh-seeds.ts';

/** Counted by tools/test.ts, and kept by nx beside the result that it caches. */
const resultFile = join(
  import.meta.dirname,
  '.cache/test-results',
  `${process.env['npm_package_name'] ?? 'unnamed'}.json`,
);

/**
 * A machine that stood still for seconds must not colour a run red: what fails is tried once more, and named at the end
 * of the run. What a property test has found is no accident of the machine, and would be drawn differently.
 */
export const secondTry = { count: 1, condition: /^(?!Property failed)/ };

/**
 * Property tests draw other values for each change, and for one change the same ones here as wherever it is judged.
 * PROPERTY_SEED of the environment is for those who hunt.
 */
export const seededProperties = {
  env: { PROPERTY_SEED: process.env['PROPERTY_SEED'] ?? String(freshSeed()) },
  setupFiles: [join(import.meta.dirname, 'tools/seed-properties.ts')],
};

/** What all packages share. A test that waits has its own shorter deadline; these only end hangs. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    retry: secondTry,
    ...seededProperties,
    reporters: ['default', ['json', { outputFile: resultFile }]],
  },
});
