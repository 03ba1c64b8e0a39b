/**
 * Every command with words and servers that nobody means well: it ends with a code of the table, says one error in one
 * place, and shows no stack.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from '../src/command-line.ts';
import { createProgram } from '../src/program.ts';
import { createRecordingTerminal } from './recording-terminal.ts';

const context = { terminal: createRecordingTerminal(), env: {}, isJson: false, endWith: () => {} };
const program = await createProgram('all', context);

type Leaf = { readonly words: readonly string[]; readonly command: Command };

function leavesOf(command: Command, words: readonly string[] = []): readonly Leaf[] {
  if (command.commands.length === 0) return [{ words, command }];
  return command.commands.flatMap((each) => leavesOf(each, [...words, each.name()]));
}

// These start servers, or never end by themselves.
const NOT_ASKED = ['up', 'demo'];
const leaves = leavesOf(program).filter(({ words }) => !NOT_ASKED.includes(words[0] ?? ''));
const titled = leaves.map((leaf) => [leaf.words.join(' '), leaf] as const);

const HOSTILE = [
  '../../etc/passwd',
  '\u001b[31mred',
  '%00',
  '${{ params.x }}',
  "'; drop table x; --",
  '😀',
];
const STACK = /\n\s+at .+:\d+:\d+/;
// eslint-disable-next-line no-control-regex -- what must not come through
const ESCAPE = /\u001b/;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-hostile-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function floe(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const terminal = createRecordingTerminal({ columns: 1, rows: 1 });
  const code = await runCommandLine(words, { terminal, env: { FLOE_STATE_DIR: folder, ...env } });
  const said = { code, stdout: terminal.stdout(), stderr: terminal.stderr() };
  expect(said.stderr + said.stdout).not.toMatch(STACK);
  expect(said.stderr + said.stdout).not.toMatch(ESCAPE);
  return said;
}

/** The words of a command with something for each argument and option that it must have. */
function filled({ words, command }: Leaf, value: string): readonly string[] {
  const options = command.options.filter(
    ({ mandatory, defaultValue }) => mandatory && defaultValue === undefined,
  );
  const required = options.flatMap(({ long = '', flags }) => [
    long,
    /<(?:time|instant)>/.test(flags) ? '2026-01-01' : value,
  ]);
  const args = command.registeredArguments.map(({ argChoices }) => argChoices?.[0] ?? value);
  return [...words, ...required, '--', ...args];
}

describe.each(titled)('%s', (_, leaf) => {
  test('refuses an option that it does not know, and too many words, with 2', async () => {
    const unknown = await floe([...leaf.words, '--no-such-option']);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    const words = [...filled(leaf, 'x'), 'one', 'too', 'many'];
    expect((await floe(words)).code).toBe(2);
  });

  test('refuses every option that is left without its value', async () => {
    for (const { long = '', required } of leaf.command.options) {
      if (required) expect((await floe([...leaf.words, long])).code, long).toBe(2);
    }
  });
});

const ANSWERS: Readonly<Record<string, (server: Server) => void>> = {
  'a page of HTML': (server) =>
    void server.on('request', (_, response) => response.end('<html>\u001b[31mnginx</html>')),
  'an error without words': (server) =>
    void server.on('request', (_, response) => response.writeHead(500).end()),
  'an empty object': (server) =>
    void server.on('request', (_, response) => {
      response.setHeader('content-type', 'application/json').end('{}');
    }),
  'half of an answer': (server) =>
    void server.on('request', (_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"runs": [');
      setTimeout(() => response.destroy(), 5);
    }),
  'a cut connection': (server) => void server.on('connection', (socket) => socket.destroy()),
};

// They wait for a server that is away, for half a minute; the others say at once that it is.
const PATIENT = ['run', 'runs watch', 'runs logs', 'backfill start', 'backfill watch'];
const impatient = leaves.filter(({ words }) => !PATIENT.includes(words.join(' ')));

describe.each(Object.keys(ANSWERS))('a server that gives %s', (name) => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer();
    ANSWERS[name]!(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('breaks no command', async () => {
    for (const leaf of impatient) {
      const words = filled(leaf, HOSTILE[1]!);
      const { code } = await floe(words, { FLOE_GATEWAY_URL: url });
      expect([0, 1, 2, 3, 4], words.join(' ')).toContain(code);
    }
  });
});

test.each(HOSTILE)('takes %j for what it is', async (word) => {
  for (const leaf of impatient) {
    const words = filled(leaf, word);
    const { code } = await floe(words, { FLOE_GATEWAY_URL: 'http://127.0.0.1:1' });
    expect([0, 1, 2, 4], words.join(' ')).toContain(code);
  }
});

test.each(['', 'http://', 'ftp://x', 'http://127.0.0.1:1', 'not a url'])(
  'says of the server %j that it is none',
  async (url) => {
    const { code, stderr } = await floe(['runs', 'list', '--server', url]);
    expect([2, 4]).toContain(code);
    expect(stderr).toMatch(/error/);
  },
);
