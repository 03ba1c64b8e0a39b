import type { FloeClient, LogEntry, LogLine } from '@floe/client';
import type { Command } from 'commander';
import { withStreamOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { listenForInterruption } from '../../interruption.ts';
import { printable } from '../../render/printable.ts';
import { openClient } from '../../server/find-server.ts';
import type { Colors, Terminal } from '../../terminal.ts';

type LogsOptions = GlobalOptions &
  OutputOptions & {
    readonly follow?: true;
    readonly task?: string;
  };

export function addRunsLogs(runs: Command, context: CommandContext): void {
  const command = withStreamOutput(runs.command('logs'), 'line')
    .argument('<run>', 'the id of the run')
    .description('print what the tasks of a run logged')
    .option('-f, --follow', 'go on with new lines until the run has ended')
    .option('--task <task>', 'only lines of this task')
    .addHelpText('after', EXAMPLES)
    .action(async (runId: string) =>
      context.endWith(await logs(runId, command.optsWithGlobals(), context)),
    );
}

const EXAMPLES = `
Examples:
  floe runs logs 01a0… --follow
  floe runs logs 01a0… --task ranking
  floe runs logs 01a0… --json | jq -r 'select(.level == "error") | .message'`;

async function logs(
  runId: string,
  options: LogsOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { terminal } = context;
  using interruption = listenForInterruption();
  const task = options.task === undefined ? {} : { taskId: options.task };
  const entries =
    options.follow === true
      ? client.tailLogs(runId, { ...task, signal: interruption.signal })
      : storedLines(client, runId, task);
  for await (const { line } of entries)
    printLine(line, { terminal, isJson: options.output === 'json' });
  return interruption.signal.aborted ? EXIT.interrupted : EXIT.succeeded;
}

/** Everything that is stored, batch by batch: each asks for what comes after the last line of the one before. */
async function* storedLines(
  client: FloeClient,
  runId: string,
  task: { readonly taskId?: string },
): AsyncGenerator<LogEntry> {
  let afterSequence = '0';
  for (;;) {
    const batch = await client.listLogs(runId, { ...task, afterSequence });
    yield* batch;
    const last = batch.at(-1);
    if (last === undefined) return;
    afterSequence = last.sequence;
  }
}

function printLine(
  line: LogLine,
  { terminal, isJson }: { readonly terminal: Terminal; readonly isJson: boolean },
): void {
  if (isJson) {
    terminal.print(JSON.stringify(line));
    return;
  }
  const colors = terminal.outColors;
  const fields = Object.entries(line.fields ?? {}).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const task = line.attempt > 1 ? `${line.taskId}#${line.attempt}` : line.taskId;
  const words = [
    colors.dim(line.time?.slice(11, 23) ?? ''),
    paintLevel(line.level, colors),
    colors.cyan(printable(task)),
    printable(line.message),
    colors.dim(printable(fields.join(' '))),
  ];
  terminal.print(words.join(' ').trimEnd());
}

function paintLevel(level: string, colors: Colors): string {
  const text = printable(level).padEnd('error'.length);
  if (level === 'error') return colors.red(text);
  if (level === 'warn') return colors.yellow(text);
  return colors.dim(text);
}
