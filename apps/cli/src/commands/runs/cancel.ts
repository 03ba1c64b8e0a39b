import { parseDurationMs } from '@floe/workflow/duration';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { openClient } from '../../server/find-server.ts';
import { showRun } from './steer.ts';

type CancelOptions = GlobalOptions &
  OutputOptions & {
    readonly reason?: string;
    /** Milliseconds. */
    readonly grace?: number;
  };

export function addRunsCancel(runs: Command, context: CommandContext): void {
  const command = withOutput(runs.command('cancel'))
    .argument('<run>', 'the id of the run')
    .description('stop a run: what waits at once, what runs within two seconds')
    .option('--reason <text>', 'shown to whoever looks at the run')
    .addOption(
      new Option('--grace <duration>', 'let what runs end by itself for so long, like 30s')
        .argParser(readGrace)
        .conflicts('now'),
    )
    .option('--now', 'stop at once what runs, also after a cancel with --grace (the default)')
    .addHelpText(
      'after',
      '\nExamples:\n  floe runs cancel 01a0… --reason "wrong date"\n  floe runs cancel 01a0… --grace 5m',
    )
    .action(async (runId: string) =>
      context.endWith(await cancel(runId, command.optsWithGlobals(), context)),
    );
}

async function cancel(
  runId: string,
  options: CancelOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { reason, grace: graceMs } = options;
  const run = await client.cancelRun(runId, {
    ...(reason !== undefined && { reason }),
    ...(graceMs !== undefined && { graceMs }),
  });
  return showRun(run, options, context);
}

function readGrace(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined) throw new InvalidArgumentError('A duration is written like 30s or 5m.');
  return ms;
}
