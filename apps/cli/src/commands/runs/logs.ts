import type { FloeClient, LogEntry, LogFilter, LogLine } from '@floe/client';
import { Option, type Command } from 'commander';
import { positiveInteger, withStreamOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { listenForInterruption } from '../../interruption.ts';
import { readSince } from '../../read-since.ts';
import { printable } from '../../render/printable.ts';
import { openClient } from '../../server/find-server.ts';
import type { Colors, Terminal } from '../../terminal.ts';

type LogsOptions = GlobalOptions &
  OutputOptions & {
    readonly follow?: true;
    readonly task?: string;
    readonly attempt?: number;
    readonly search?: string;
    readonly level?: string;
    readonly since?: string;
    readonly until?: string;
  };

export function addRunsLogs(runs: Command, context: CommandContext): void {
  const command = withStreamOutput(runs.command('logs'), 'line')
    .argument('<run>', 'the id of the run')
    .description('print what the tasks of a run logged')
    .option('-f, --follow', 'go on with new lines until the run has ended')
    .option('--task <task>', 'only lines of this task')
    .option('--attempt <number>', 'only lines of this attempt', positiveInteger)
    .option('--search <text>', 'only lines with this text, whatever its case')
    .addOption(
      new Option('--level <level>', 'only lines of this level or a worse one').choices(LEVELS),
    )
    .option('--since <time>', 'only lines since then: 10m ago, or an instant', readSince)
    .option('--until <time>', 'only lines before then', readSince)
    .addHelpText('after', EXAMPLES)
    .action(async (runId: string) =>
      context.endWith(await logs(runId, command.optsWithGlobals(), context)),
    );
}

const LEVELS = ['debug', 'info', 'warn', 'error'];

const EXAMPLES = `
Examples:
  floe runs logs 01a0… --follow
  floe runs logs 01a0… --task ranking --level warn
  floe runs logs 01a0… --search "rows" --since 10m
  floe runs logs 01a0… --json | jq -r 'select(.level == "error") | .message'`;

async function logs(
  runId: string,
  options: LogsOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { terminal } = context;
  using interruption = listenForInterruption();
  const filter = filterOf(options);
  // Where there is no such run, or no server, there is nothing to wait for.
  if (options.follow === true) await client.getRun(runId);
  const entries =
    options.follow === true
      ? client.tailLogs(runId, { ...filter, signal: interruption.signal })
      : storedLines(client, runId, filter);
  for await (const { line } of entries)
    printLine(line, { terminal, isJson: options.output === 'json' });
  return interruption.signal.aborted ? EXIT.interrupted : EXIT.succeeded;
}

function filterOf({ task, attempt, search, level, since, until }: LogsOptions): LogFilter {
  return {
    ...(task !== undefined && { taskId: task }),
    ...(attempt !== undefined && { attempt }),
    ...(search !== undefined && { search }),
    ...(level !== undefined && { level }),
    ...(since !== undefined && { fromTime: since }),
    ...(until !== undefined && { toTime: until }),
  };
}

/** Everything that is stored, batch by batch: each asks for what comes after the last line of the one before. */
async function* storedLines(
  client: FloeClient,
  runId: string,
  filter: LogFilter,
): AsyncGenerator<LogEntry> {
  let afterSequence = '0';
  for (;;) {
    const batch = await client.listLogs(runId, { ...filter, afterSequence });
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
    ...(fields.length === 0 ? [] : [colors.dim(printable(fields.join(' ')))]),
  ];
  terminal.print(words.join(' '));
}

function paintLevel(level: string, colors: Colors): string {
  const text = printable(level).padEnd('error'.length);
  if (level === 'error') return colors.red(text);
  if (level === 'warn') return colors.yellow(text);
  return colors.dim(text);
}
