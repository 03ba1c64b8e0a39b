/** Hunts pages with a document that is none, a command that there is not, and a command that no test runs. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useTaskPackages } from '@floe/tasks';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { judgeOffline } from '../src/judge-offline.ts';
import { createProgram } from '../src/program.ts';
import { createRecordingTerminal } from './recording-terminal.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const PAGES = globSync('{README.md,docs/**/*.md,examples/**/*.md,deploy/*.md}', { cwd: ROOT })
  .filter((name) => !name.startsWith('docs/adr/'))
  .map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }));

type Block = { readonly page: string; readonly language: string; readonly body: string };

const FENCE = /^( *)```(\S*)[^\n]*\n([^]*?)^\1```\s*$/gm;

const BLOCKS: readonly Block[] = PAGES.flatMap(({ name, text }) =>
  Array.from(text.matchAll(FENCE), ([, , language = '', body = '']) => ({
    page: name,
    language,
    body,
  })),
);

// Parts of a document, with what makes them one.
const REST_OF_DOCUMENT = [
  { unless: /^name:/m, text: 'name: example\n' },
  { unless: /^tasks:/m, text: 'tasks: { only: { type: noop } }\n' },
];

const DOCUMENTS = BLOCKS.filter(
  ({ language, body }) =>
    language === 'yaml' && /^(name|tasks|schedules|notify|params):/m.test(body),
);

// The page about packages shows a document with a type of one.
await useTaskPackages([join(ROOT, 'examples/sdk/account-tasks.ts')]);

test.each(DOCUMENTS)('$page has a document that counts: $body', ({ body }) => {
  const rest = REST_OF_DOCUMENT.filter(({ unless }) => !unless.test(body));
  const verdict = judgeOffline(`${rest.map(({ text }) => text).join('')}${body}`);
  expect(verdict.errors).toEqual([]);
});

// The generated page of commands shows each example of the help, which is checked below; a checkout of its own that
// services are started from by hand is no place for a test to work in.
const NOT_RUN = ['docs/reference/cli.md', 'deploy/README.md'];

test('every command of a page is one that docs.e2e.test.ts runs', () => {
  const outside = BLOCKS.filter(
    ({ page, language, body }) =>
      language !== 'console' &&
      !NOT_RUN.includes(page) &&
      /^(\$ )?(\w+=\S* )*(\.\/)?floe [a-z]/m.test(body),
  );
  expect(outside).toEqual([]);
  expect(BLOCKS.filter(({ language }) => language === 'console').length).toBeGreaterThan(20);
});

/** The program, with commands that only read their words. */
async function createReader(): Promise<Command> {
  const terminal = createRecordingTerminal();
  const program = await createProgram('all', {
    terminal,
    env: {},
    isJson: false,
    endWith: () => {},
  });
  for (const command of [program, ...leavesOf(program)]) {
    command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
    command.action(() => {});
  }
  return program;
}

function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

const EXAMPLES = BLOCKS.filter(({ page }) => page === 'docs/reference/cli.md').flatMap(({ body }) =>
  body
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => /(^|[|(] ?|[A-Z]+=\S+ )floe /.test(line) && !/[[<]/.test(line)),
);

test.each(EXAMPLES)('the help may show: %s', async (line) => {
  const [, words = ''] = /(?:^|[ (])floe ([^|)]*)/.exec(line) ?? [];
  const [, ...meant] = shellWords(`floe ${words}`);
  const program = await createReader();
  await program.parseAsync(meant, { from: 'user' });
});

/** As a shell splits them, without what follows the command. */
function shellWords(text: string): readonly string[] {
  const words = Array.from(
    text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g),
    ([, a, b, c]) => a ?? b ?? c ?? '',
  );
  const end = words.findIndex((word) => ['>', '>>', '||', '&&', '2>/dev/null', '#'].includes(word));
  return end === -1 ? words : words.slice(0, end);
}

test('links of pages lead to files that are there', () => {
  const broken = PAGES.flatMap(({ name, text }) =>
    Array.from(
      text.matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g),
      ([, target = '']) => target,
    )
      .filter((target) => globSync(join(dirname(join(ROOT, name)), target)).length === 0)
      .map((target) => `${name}: ${target}`),
  );
  expect(broken).toEqual([]);
});
