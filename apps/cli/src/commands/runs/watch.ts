import type { FloeClient, RunState } from '@floe/client';
import type { Command } from 'commander';
import { withStreamOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, exitCodeOfRun, type ExitCode } from '../../exit-code.ts';
import { waitForRun } from '../../follow/wait-for-run.ts';
import { listenForInterruption } from '../../interruption.ts';
import { reportSummary } from '../../render/run-report.ts';
import { hasRunEnded } from '../../render/states.ts';
import { openClient } from '../../server/find-server.ts';

type WatchOptions = GlobalOptions & OutputOptions;

export function addRunsWatch(runs: Command, context: CommandContext): void {
  const command = withStreamOutput(runs.command('watch'), 'event')
    .argument('<run>', 'the id of the run')
    .description('follow a run until it has ended; Ctrl-C stops watching, not the run')
    .addHelpText('after', EXAMPLES)
    .action(async (runId: string) =>
      context.endWith(await watch(runId, command.optsWithGlobals(), context)),
    );
}

const EXAMPLES = `
The exit code is that of the run: 0 succeeded, 1 failed or timed out, 3 cancelled.

Examples:
  floe runs watch 01a0…
  floe runs watch 01a0… --json | jq -c 'select(.kind == "event") | .event.type'`;

async function watch(
  runId: string,
  options: WatchOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  // Where there is no such run, or no server, there is nothing to wait for.
  await client.getRun(runId);
  if (options.output === 'json') return printEvents(client, runId, context);
  const { terminal } = context;
  const { run, exitCode } = await waitForRun(client, runId, { terminal });
  if (hasRunEnded(run.state)) {
    terminal.say(reportSummary(await client.getRunReport(runId), terminal.errorColors));
  }
  return exitCode;
}

async function printEvents(
  client: FloeClient,
  runId: string,
  { terminal }: CommandContext,
): Promise<ExitCode> {
  using interruption = listenForInterruption();
  let state: RunState = 'RUN_STATE_UNSPECIFIED';
  for await (const update of client.watchRun(runId, { signal: interruption.signal })) {
    terminal.print(JSON.stringify(update));
    if (update.kind === 'event') state = update.event.run?.state ?? state;
  }
  return interruption.signal.aborted ? EXIT.interrupted : exitCodeOfRun(state);
}
