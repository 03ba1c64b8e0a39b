import type { Command } from 'commander';
import { outputOptions, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printOutput } from '../../render/output.ts';
import { openClient } from '../../server/find-server.ts';
import { backfillList } from './list.ts';

export function addBackfillGet(backfill: Command, context: CommandContext): void {
  const command = backfill
    .command('get')
    .argument('<backfill>', 'the id of the backfill')
    .description('show how far a backfill is')
    .addHelpText(
      'after',
      '\nExamples:\n  floe backfill get 01a0…\n  floe backfill get 01a0… --json',
    )
    .action(async (id: string) =>
      context.endWith(await get(id, command.optsWithGlobals(), context)),
    );
  for (const option of outputOptions()) command.addOption(option);
}

async function get(
  id: string,
  options: GlobalOptions & OutputOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const backfill = await client.getBackfill(id);
  const { terminal } = context;
  const output = { ...backfillList([backfill], terminal.outColors), document: backfill };
  await printOutput(output, { terminal, format: options.output });
  return EXIT.succeeded;
}
