import { CommanderError, type Command } from 'commander';
import type { CommandContext, Environment } from './context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { createProgram, namedCommand } from './program.ts';
import type { Terminal } from './terminal.ts';

type Options = { readonly terminal: Terminal; readonly env: Environment };

/** Runs one command line, without the names of node and the program. Never throws; answers the exit code. */
export async function runCommandLine(
  words: readonly string[],
  { terminal, env }: Options,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.succeeded;
  const context: CommandContext = {
    terminal,
    env,
    isJson: asksForJson(words),
    endWith: (code) => {
      exitCode = code;
    },
  };
  try {
    const meant = asMeant(words);
    if (isForShell(meant)) return await complete(meant.slice(1), context);
    if (meant[0] === REFERENCE) return await printReference(context);
    const program = await createProgram(meant, context);
    await program.parseAsync(meant, { from: 'user' }).catch(async (thrown: unknown) => {
      if (isUsageError(thrown) && !context.isJson) await sayWhereHelpIs(program, meant, context);
      throw thrown;
    });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? EXIT.succeeded : EXIT.invalid;
    const { reportError } = await import('./report-error.ts');
    return reportError(error, context);
  }
}

/** Not a help that was asked for, or shown because a group needs a verb. */
function isUsageError(thrown: unknown): boolean {
  return thrown instanceof CommanderError && thrown.exitCode !== 0 && thrown.code !== HELP;
}

const HELP = 'commander.help';

/** The words name a command as far as they name one; else they may be a verb without its noun. */
async function sayWhereHelpIs(
  program: Command,
  words: readonly string[],
  context: CommandContext,
): Promise<void> {
  const { terminal } = context;
  const arrow = terminal.errorColors.cyan('→');
  let command = program;
  const names = ['floe'];
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) continue;
    command = next;
    names.push(word);
  }
  const verbs = command === program ? await verbsCalled(namedCommand(words), context) : [];
  for (const verb of verbs) terminal.say(`${arrow} ${verb} --help`);
  if (verbs.length === 0) terminal.say(`${arrow} ${names.join(' ')} --help`);
}

// Behind so many nouns a verb is no hint any more.
const NOUNS_MAX = 4;

/** `floe logs` means `floe runs logs`. */
async function verbsCalled(
  word: string | undefined,
  context: CommandContext,
): Promise<readonly string[]> {
  const { commands } = await createProgram('all', context);
  const nouns = commands.filter((noun) => noun.commands.some((verb) => verb.name() === word));
  return nouns.length > NOUNS_MAX ? [] : nouns.map((noun) => `floe ${noun.name()} ${word}`);
}

// Asked by the scripts of `floe completion`, and by nobody else.
const COMPLETE = '__complete';

// Asked by tools/make-reference.ts.
const REFERENCE = '__reference';

async function printReference(context: CommandContext) {
  const { referencePage } = await import('./render/reference-page.ts');
  context.terminal.print(referencePage(await createProgram('all', context)).trimEnd());
  return EXIT.succeeded;
}

/** The words are those of a shell that completes a line. */
export function isForShell([first]: readonly string[]): boolean {
  return first === COMPLETE;
}

async function complete([, ...words]: readonly string[], context: CommandContext) {
  const { answerShell } = await import('./complete/answer-shell.ts');
  await answerShell(words, context);
  return EXIT.succeeded;
}

/**
 * `floe --version` means the command. It is no option of the program, because options of the program count behind
 * commands too, and `--version 3` is an option of some. `floe help runs list` means that of the last word.
 */
function asMeant(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  if (first === '--version' || first === '-V') return ['version', ...rest];
  return first === 'help' && rest.length > 1 ? [...rest, '--help'] : words;
}

/** Known before the words are parsed, because also an error of parsing has to be in the form that was asked for. */
function asksForJson(words: readonly string[]): boolean {
  return words.some(
    (word, index) =>
      word === '--json' ||
      word === '-ojson' ||
      word === '--output=json' ||
      (word === 'json' && ['-o', '--output'].includes(words[index - 1] ?? '')),
  );
}
