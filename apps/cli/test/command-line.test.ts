import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@floe/embedded';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommandLine } from '../src/command-line.ts';
import { createRecordingTerminal } from './recording-terminal.ts';

let folder: string;
let nobody: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-cli-'));
  nobody = `http://127.0.0.1:${await freePort()}`;
  // So that no command without --server finds a Floe that happens to run on this machine.
  const endpoints = { gateway: nobody, postgres: {} };
  await writeFile(join(folder, 'endpoints.json'), JSON.stringify(endpoints));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function floe(...words: string[]) {
  const terminal = createRecordingTerminal();
  const code = await runCommandLine(words, { terminal, env: { FLOE_STATE_DIR: folder } });
  return { code, stdout: terminal.stdout(), stderr: terminal.stderr() };
}

test('names the command that was meant, and ends with 2', async () => {
  const { code, stdout, stderr } = await floe('aply');
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/unknown command 'aply'[^]*apply/);
});

test('names the option that was meant', async () => {
  const { code, stderr } = await floe('runs', 'list', '--wrokflow', 'x');
  expect(code).toBe(2);
  expect(stderr).toMatch(/--workflow/);
});

test('says of wrong usage whose help to read', async () => {
  const { stderr } = await floe('runs', 'list', '--limit', 'many');
  expect(stderr).toMatch(/→ floe runs list --help\n$/);
  const unknown = await floe('runs', 'lst');
  expect(unknown.stderr).toMatch(/Did you mean list[^]*→ floe runs --help\n$/);
  const nounless = await floe('logs', '01a0');
  expect(nounless.stderr).toMatch(/unknown command 'logs'\n→ floe runs logs --help\n$/);
  const help = await floe('runs');
  expect(help.stderr).not.toContain('→');
});

test('gives wrong usage as JSON where JSON is asked for', async () => {
  const { code, stdout, stderr } = await floe('runs', 'list', '--limit', 'many', '--json');
  expect(code).toBe(2);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'ARGUMENT_INVALID' } });
});

test.each([
  ['runs', 'list'],
  ['runs', 'list', '--watch'],
  ['runs', 'watch', '01a0'],
  ['runs', 'logs', '-f', '01a0'],
  ['backfill', 'watch', '01a0'],
  ['run', 'late-flights'],
])('ends with 4 and says how to start a server when none answers: floe %s %s', async (...words) => {
  const { code, stdout, stderr } = await floe(...words, '--server', nobody);
  expect(code).toBe(4);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/SERVICE_UNAVAILABLE[^]*floe up/);
});

test('gives an error of the server as one JSON document', async () => {
  const { code, stdout } = await floe('runs', 'list', '--json', '--server', nobody);
  expect(code).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'SERVICE_UNAVAILABLE' } });
});

test('validates a document without a server and marks the mistake', async () => {
  const path = join(folder, 'bad.yaml');
  await writeFile(path, 'name: bad\ntasks:\n  a: { type: nop }\n');
  const { code, stdout, stderr } = await floe('validate', '-f', path);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/bad\.yaml:3:\d+/);
  expect(stderr).toMatch(/\^\^\^/);
  expect(stderr).toMatch(/noop/);
});

test('ends with 2 for a file that is not there', async () => {
  const { code, stderr } = await floe('apply', '-f', join(folder, 'none.yaml'));
  expect(code).toBe(2);
  expect(stderr).toMatch(/there is no such file/);
});

test('refuses a parameter without a value before anything is asked of a server', async () => {
  const { code, stderr } = await floe('run', 'late-flights', '--param', 'since');
  expect(code).toBe(2);
  expect(stderr).toMatch(/name=value/);
});

test.each([['--version'], ['version'], ['-V']])('prints the version for %s', async (word) => {
  const { code, stdout } = await floe(word);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^floe \d+\.\d+\.\d+ /);
});

test('shows the help of a verb behind the word help', async () => {
  const { stdout } = await floe('help', 'runs', 'list');
  expect(stdout).toMatch(/^Usage: floe runs list[^]*floe runs list --state failed/);
});

test('shows help with examples for every command', async () => {
  const { stdout } = await floe('--help');
  const commands = Array.from(stdout.matchAll(/^ {2}([a-z]+) .*\S$/gm), (match) => match[1]!);
  expect(commands).toContain('doctor');
  const leaves = ['demo', 'up', 'apply', 'validate', 'run', 'doctor', 'version'];
  for (const command of leaves) {
    expect((await floe(command, '--help')).stdout, command).toContain('Examples:');
  }
});
