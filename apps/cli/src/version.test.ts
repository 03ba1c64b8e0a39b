import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { FLOE_VERSION } from './version.ts';

test('is the version of the package', async () => {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  expect(JSON.parse(manifest)).toMatchObject({ version: FLOE_VERSION });
});
