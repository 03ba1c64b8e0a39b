/** Hunts pages that say what does not happen: every command of theirs is run, in order, as a reader would run it. */
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { globSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@floe/embedded';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareDemoTables } from './support/demo-tables.ts';
import { missingLine, readDocPage, type DocStep } from './support/doc-page.ts';
import { DocSession, settingsOf, withPorts, writeCommands } from './support/doc-session.ts';
import { startRecordedServer, type AnsweringServer } from './support/recorded-server.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const ALL_PAGES = globSync('{README.md,docs/**/*.md,examples/**/*.md}', { cwd: ROOT })
  .filter((name) => !name.startsWith('docs/adr/') && !name.startsWith('docs/reference/'))
  .map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }));
// Those first that say how to start, the short ones before: a program that Floe is told to call is soon there.
const PAGES = ALL_PAGES.map(({ name, text }) => ({ name, steps: readDocPage(text) }))
  .filter(({ steps }) => steps.some(({ kind }) => kind === 'command'))
  .toSorted((one, other) => placeOf(one.steps) - placeOf(other.steps));
// Programs of pages that listen where a reader has room.
const LISTENERS = [5000, 8080];
// Where Prefect listens, which here is what a Prefect 3 once answered.
const PREFECT = 4200;

function placeOf(steps: readonly DocStep[]): number {
  return Object.keys(settingsOf(steps)).length === 0 ? Number.MAX_SAFE_INTEGER : steps.length;
}

let folder: string;
let floe: TestFloe;

let prefect: AnsweringServer;
const ports = new Map<number, number>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-docs-'));
  for (const port of LISTENERS) ports.set(port, await freePort());
  prefect = await startRecordedServer(join(ROOT, 'e2e/recorded/prefect.json'));
  ports.set(PREFECT, prefect.port);
  // Before Floe starts, which is told of one of them.
  await cp(join(ROOT, 'examples'), join(folder, 'examples'), { recursive: true });
  const settings = settingsOf(PAGES.flatMap(({ steps }) => steps));
  const env = Object.entries(settings).map(([name, value]) => [name, here(value)] as const);
  floe = await startTestFloe({ env: Object.fromEntries(env) });
  await Promise.all([linkState(), writeCommands(folder), prepareDemoTables(floe)]);
});

function here(value: string): string {
  return withPorts(value, ports).replace('$PWD', folder);
}

afterAll(async () => {
  await floe?.[Symbol.asyncDispose]();
  await prefect?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A folder of its own with links, so that tasks may write into it: they must not leave the folder of files. */
async function linkState(): Promise<void> {
  await mkdir(join(folder, '.floe'));
  // The folder of datasets comes with the first of them.
  const names = new Set([...(await readdir(floe.stateDir)), 'datasets']);
  await Promise.all(
    [...names].map((name) => symlink(join(floe.stateDir, name), join(folder, '.floe', name))),
  );
}

test.each(PAGES)('$name', async ({ name, steps }) => {
  const { portBase } = floe;
  await using session = new DocSession({ folder, portBase, ports }, name);
  for (const step of steps) expect(await session.take(step), name).toBeUndefined();
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
