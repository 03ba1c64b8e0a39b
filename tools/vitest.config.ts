import { defineConfig } from 'vitest/config';
import { seededProperties } from '../vitest.shared.ts';

/** The checks of the workspace read files and start nothing: the limit only ends hangs. */
export default defineConfig({
  test: { include: ['**/*.test.ts'], testTimeout: 20_000, ...seededProperties },
});
