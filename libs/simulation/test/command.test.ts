import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

function simulate(...words: readonly string[]) {
  return spawnSync(process.execPath, [MAIN, ...words], { encoding: 'utf8', timeout: 20_000 });
}

test('--json prints one line and nothing else on stdout', () => {
  const { status, stdout } = simulate('--seeds', '1..50', '--json', '--workers', '1');
  expect(status).toBe(0);
  expect(stdout).toBe('{"seeds":50,"failures":0}\n');
});

test('fresh seeds are run on all cores until the time is over', () => {
  const { status, stdout } = simulate('--seconds', '1', '--json');
  expect(status).toBe(0);
  const { seeds, failures } = JSON.parse(stdout) as { seeds: number; failures: number };
  expect(failures).toBe(0);
  expect(seeds).toBeGreaterThanOrEqual(40);
});

test('wrong usage ends with 2 and says how it is used', () => {
  const { status, stderr } = simulate('--seeds', 'all');
  expect(status).toBe(2);
  expect(stderr).toContain('npm run simulate');
});
