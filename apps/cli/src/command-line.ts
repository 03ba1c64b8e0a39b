import { Command, CommanderError } from 'commander';
import { addApplyCommand } from './commands/apply.ts';
import { addBackfillCommand } from './commands/backfill.ts';
import { addConnectionsCommand } from './commands/connections.ts';
import { addDbCommand } from './commands/db.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addExecutorsCommand } from './commands/executors.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addLineageCommand } from './commands/lineage.ts';
import { addRunCommand } from './commands/run.ts';
import { addRunsCommand } from './commands/runs.ts';
import { addSchedulesCommand } from './commands/schedules.ts';
import { addUpCommand } from './commands/up.ts';
import { addValidateCommand } from './commands/validate.ts';
import { addVersionCommand } from './commands/version.ts';
import { addWorkflowsCommand } from './commands/workflows.ts';
import type { CommandContext, Environment } from './context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { reportError } from './report-error.ts';
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
    await createProgram(context).parseAsync(withoutVersionFlag(words), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? EXIT.succeeded : EXIT.invalid;
    return reportError(error, context);
  }
}

/**
 * `floe --version` means the command. It is no option of the program, because options of the program count behind
 * commands too, and `--version 3` is an option of some.
 */
function withoutVersionFlag(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  return first === '--version' || first === '-V' ? ['version', ...rest] : words;
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

function createProgram(context: CommandContext): Command {
  const program = new Command('floe')
    .description('Floe runs data workflows: from PostgreSQL through Polars and back, exactly once.')
    .option(
      '--server <url>',
      'address of the gateway (default: $FLOE_GATEWAY_URL, or the local one)',
    )
    .option('--state-dir <folder>', 'where `floe up` keeps its state (default: .floe)')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .exitOverride()
    .configureOutput(outputOf(context))
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true });
  for (const add of COMMANDS) add(program, context);
  return program.addHelpText('after', EXAMPLES);
}

const COMMANDS: readonly ((program: Command, context: CommandContext) => void)[] = [
  addDemoCommand,
  addUpCommand,
  addApplyCommand,
  addValidateCommand,
  addExplainCommand,
  addRunCommand,
  addRunsCommand,
  addWorkflowsCommand,
  addSchedulesCommand,
  addBackfillCommand,
  addLineageCommand,
  addConnectionsCommand,
  addExecutorsCommand,
  addDbCommand,
  addDoctorCommand,
  addVersionCommand,
];

const EXAMPLES = `
Examples:
  floe demo                                    three million flights through the whole system
  floe up                                      everything on this machine, until Ctrl-C
  floe apply -f examples/late-flights.yaml     store a workflow
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
      const message = text.trim().replace(/^error: /, '');
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
