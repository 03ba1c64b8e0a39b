import { Command } from 'commander';
import { COMMANDS, type CommandEntry } from './commands.ts';
import type { CommandContext, Environment, GlobalOptions } from './context.ts';
import { printableLines } from './render/printable.ts';

/**
 * The program with the command that the words name, and the others as lines of its help; with `all`, every command in
 * full.
 */
export async function createProgram(
  words: readonly string[] | 'all',
  context: CommandContext,
): Promise<Command> {
  const program = new Command('floe')
    .description('Floe runs data workflows: from PostgreSQL through Polars and back, exactly once.')
    .option(
      '--server <url>',
      'address of the gateway (default: $FLOE_GATEWAY_URL, or the local one)',
    )
    .option(
      '--ca-file <file>',
      'the authority of its certificate, as a PEM file (default: $FLOE_GATEWAY_CA)',
    )
    .option('--state-dir <folder>', 'where `floe up` keeps its state (default: .floe)')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .exitOverride()
    .configureOutput(outputOf(context))
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true })
    .hook('preAction', (_, command) => trustNamed(command.optsWithGlobals(), context.env));
  const wanted = words === 'all' ? undefined : namedCommand(words);
  for (const entry of COMMANDS) {
    if (words !== 'all' && entry.name !== wanted) addLine(program, entry);
    else (await entry.load())(program, context);
  }
  return program.addHelpText('after', EXAMPLES);
}

/** What it takes to read certificates is loaded by those who name one. */
async function trustNamed({ caFile }: GlobalOptions, env: Environment): Promise<void> {
  const path = caFile ?? (env['FLOE_GATEWAY_CA'] || undefined);
  if (path === undefined) return;
  const { trustAuthority } = await import('./server/trust-authority.ts');
  await trustAuthority({ path, setting: caFile === undefined ? 'FLOE_GATEWAY_CA' : '--ca-file' });
}

/** Only shown: a command that is named is loaded before anything is parsed. */
function addLine(program: Command, { name, usage = '', summary }: CommandEntry): void {
  program.command(`${name} ${usage}`.trim()).description(summary);
}

const VALUE_OPTIONS: readonly string[] = ['--server', '--ca-file', '--state-dir'];

/** The first word that is no option of the program and no value of one; behind `help`, the next. */
export function namedCommand(words: readonly string[]): string | undefined {
  let isValue = false;
  for (const word of words) {
    if (isValue) isValue = false;
    else if (VALUE_OPTIONS.includes(word)) isValue = true;
    else if (!word.startsWith('-') && word !== 'help') return word;
  }
  return undefined;
}

const EXAMPLES = `
Examples:
  floe demo                                    three million flights through the whole system
  floe up                                      everything on this machine, until Ctrl-C
  floe apply examples/late-flights.yaml        store a workflow
  floe run late-flights --param since=2001-03-01
  floe runs watch <run id>

Exit codes: 0 succeeded, 1 failed, 2 wrong usage or invalid document, 3 cancelled, 4 unreachable, 130 Ctrl-C.`;

/** Commander's own texts, with errors as JSON where JSON was asked for. */
function outputOf(context: CommandContext) {
  const { terminal, isJson } = context;
  return {
    writeOut: (text: string) => terminal.print(text.trimEnd()),
    writeErr: (text: string) => terminal.say(text.trimEnd()),
    outputError: (text: string) => {
      // It repeats the words that were given, whatever is in them.
      const message = printableLines(text.trim().replace(/^error: /, '')).join('\n');
      if (isJson) {
        terminal.print(
          JSON.stringify({ error: { code: 'ARGUMENT_INVALID', message } }, undefined, 2),
        );
        return;
      }
      const { red, bold } = terminal.errorColors;
      terminal.say(`${red(bold('error'))} ${message}`);
    },
  };
}
