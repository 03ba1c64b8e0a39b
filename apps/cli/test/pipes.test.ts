/** What only a process of its own shows: readers that leave, disks that are full, no terminal at all. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** A shell pipeline with $FLOE in it. */
function shell(line: string) {
  const FLOE = `'${process.execPath}' '${MAIN}'`;
  return promisify(execFile)('sh', ['-c', line.replaceAll('$FLOE', FLOE)]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

test('ends well when its reader has seen enough', async () => {
  const { stdout, stderr } = await shell('{ $FLOE __reference; echo "code $?" >&2; } | head -n 1');
  expect(stdout).toBe('# Commands\n');
  expect(stderr).toBe('code 0\n');
});

test('goes on when nobody reads what it says to people', async () => {
  const child = spawn(process.execPath, [MAIN, 'runs', 'list', '--server', 'http://127.0.0.1:1'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.destroy();
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(4);
});

test('says in a line that a disk is full, on systems that can pretend it', async () => {
  if (!existsSync('/dev/full')) return;
  const { code, stderr } = await shell('$FLOE version > /dev/full');
  expect(code).toBe(1);
  expect(stderr).toBe('error stdout cannot be written: ENOSPC\n');
  expect((await shell('$FLOE runs list --server http://127.0.0.1:1 2> /dev/full')).code).toBe(4);
});

test('colours nothing without a terminal', async () => {
  const { stdout, stderr } = await shell('$FLOE aply; $FLOE version');
  // oxlint-disable-next-line no-control-regex -- what must not be there
  expect(stdout + stderr).not.toMatch(/\u001b/);
});
