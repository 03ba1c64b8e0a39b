import type { Command } from 'commander';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { sightOf } from '../../render/states.ts';
import { openClient } from '../../server/find-server.ts';

type CancelOptions = GlobalOptions & { readonly reason?: string; readonly json?: true };

export function addRunsCancel(runs: Command, context: CommandContext): void {
  const command = runs
    .command('cancel')
    .argument('<run>', 'the id of the run')
    .description('stop a run: what waits at once, what runs within two seconds')
    .option('--reason <text>', 'shown to whoever looks at the run')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  floe runs cancel 01a0… --reason "wrong date"')
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
  const { reason, json } = options;
  const run = await client.cancelRun(runId, reason === undefined ? {} : { reason });
  const { terminal } = context;
  if (json === true) terminal.print(JSON.stringify(run, undefined, 2));
  else terminal.print(`${run.runId}  ${sightOf(run.state, terminal.outColors).word}`);
  return EXIT.succeeded;
}
