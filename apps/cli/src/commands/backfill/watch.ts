import type { Command } from 'commander';
import { withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { waitForBackfill } from '../../follow/wait-for-backfill.ts';
import { openClient } from '../../server/find-server.ts';

type WatchOptions = GlobalOptions & OutputOptions;

export function addBackfillWatch(backfill: Command, context: CommandContext): void {
  const command = withOutput(backfill.command('watch'))
    .argument('<backfill>', 'the id of the backfill')
    .description('follow a backfill until it has ended')
    .addHelpText('after', '\nExamples:\n  floe backfill watch 01a0…')
    .action(async (id: string) =>
      context.endWith(await watch(id, command.optsWithGlobals(), context)),
    );
}

async function watch(
  id: string,
  options: WatchOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { terminal } = context;
  // Where there is no such backfill, or no server, there is nothing to wait for.
  await client.getBackfill(id);
  return waitForBackfill(client, id, { terminal, format: options.output });
}
