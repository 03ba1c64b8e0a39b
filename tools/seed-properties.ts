/** Before each file of tests: what its property tests draw follows from PROPERTY_SEED, which vitest.shared.ts sets. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

const { testPath } = expect.getState();

// Loading the library costs more than most files of tests take.
if (testPath !== undefined && readFileSync(testPath, 'utf8').includes("from 'fast-check'")) {
  const { configureGlobal, readConfigureGlobal } = await import('fast-check');
  configureGlobal({ ...readConfigureGlobal(), seed: Number(process.env['PROPERTY_SEED']) });
}
