import { defineConfig } from 'vitest/config';

/** The checks of the workspace read files and start nothing: the limit only ends hangs. */
export default defineConfig({ test: { include: ['**/*.test.ts'], testTimeout: 20_000 } });
