/** Hunts pages that say what does not happen: every command of theirs is run, in order, as a reader would run it. */
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { globSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from './support/command.ts';
import { missingLine, readDocPage } from './support/doc-page.ts';
import { MAIN, startTestFloe, type TestFloe } from './support/test-floe.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
// The ports of a Floe that was started without further ado, as pages name them.
const USUAL_PORT = /127\.0\.0\.1:74(\d\d)\b/g;
const COMMAND_WITHIN_MS = 60_000;

const PAGES = globSync('{README.md,docs/**/*.md}', { cwd: ROOT })
  .map((name) => ({ name, steps: readDocPage(readFileSync(join(ROOT, name), 'utf8')) }))
  .filter(({ steps }) => steps.some(({ kind }) => kind === 'command'));

let folder: string;
let floe: TestFloe;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-docs-'));
  floe = await startTestFloe({ env: { FLOE_FILES_DIR: folder } });
  await Promise.all([
    cp(join(ROOT, 'examples'), join(folder, 'examples'), { recursive: true }),
    linkState(),
    writeCommand(join(folder, 'bin/floe')),
  ]);
});

afterAll(async () => {
  await floe?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A folder of its own with links, so that tasks may write into it: they must not leave the folder of files. */
async function linkState(): Promise<void> {
  await mkdir(join(folder, '.floe'));
  const names = ['endpoints.json', 'postgres-password', 'processes.json'];
  await Promise.all(
    names.map((name) => symlink(join(floe.stateDir, name), join(folder, '.floe', name))),
  );
}

/** As pages have it: on the path, and run from the folder of the reader. */
async function writeCommand(path: string): Promise<void> {
  await mkdir(dirname(path));
  await writeFile(path, `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  await chmod(path, 0o755);
}

async function print(command: string): Promise<{ output: string; code: number | null }> {
  const path = `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  const { stdout: output, code } = await runCommand('bash', ['-c', `{ ${command}\n} 2>&1`], {
    cwd: folder,
    env: { PATH: path, NO_COLOR: '1' },
    withinMs: COMMAND_WITHIN_MS,
  });
  return { output, code };
}

test.each(PAGES)('$name', async ({ steps }) => {
  const here = (text: string) =>
    text.replaceAll(USUAL_PORT, (_, port) => `127.0.0.1:${floe.portBase + Number(port)}`);
  for (const step of steps) {
    if (step.kind === 'file') {
      await mkdir(dirname(join(folder, step.name)), { recursive: true });
      await writeFile(join(folder, step.name), here(step.content));
      continue;
    }
    const { output, code } = await print(here(step.command));
    const said = `$ ${step.command}\n${output}`;
    if (step.expected.length === 0) expect(code, said).toBe(0);
    expect(missingLine(step.expected, output), said).toBeUndefined();
  }
});

test('a page that says something else than what is printed is found', () => {
  const printed = '✓ a v1 succeeded in 779 ms, 6 rows\nb  3\n';
  expect(missingLine(['✓ a v1 succeeded in 1.2 s, 6 rows', 'b 3'], printed)).toBeUndefined();
  expect(missingLine(['...', 'b 3'], printed)).toBeUndefined();
  expect(missingLine(['✓ a v1 succeeded in 1.2 s, 7 rows', '...'], printed)).toContain('7 rows');
  expect(missingLine(['b 3'], printed)).toBe('b 3');
  expect(missingLine(['✓ a v1 succeeded in 1.2 s, 6 rows'], printed)).toContain('nothing more');
});

test('files and commands of a page are found in their order', () => {
  const page =
    '```yaml title="a.yaml"\nname: a\n```\n\n```sh\nnot run\n```\n\n```console\n$ ls\na.yaml\n$ pwd\n```\n';
  expect(readDocPage(page)).toEqual([
    { kind: 'file', name: 'a.yaml', content: 'name: a\n' },
    { kind: 'command', command: 'ls', expected: ['a.yaml'] },
    { kind: 'command', command: 'pwd', expected: [] },
  ]);
  expect(PAGES.length).toBeGreaterThan(0);
});
