import type { Backfill, FloeClient } from '@floe/client';
import type { Command } from 'commander';
import { withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printRecord } from '../../render/output.ts';
import { backfillWord, progressOf } from '../../render/schedules.ts';
import { openClient } from '../../server/find-server.ts';

type Change = {
  readonly name: string;
  readonly does: string;
  readonly more?: string;
  call(client: FloeClient, id: string): Promise<Backfill>;
};

const CHANGES: readonly Change[] = [
  {
    name: 'pause',
    does: 'start no more runs of a backfill; those that go on end by themselves',
    call: (client, id) => client.pauseBackfill(id),
  },
  {
    name: 'resume',
    does: 'go on with a paused backfill',
    call: (client, id) => client.resumeBackfill(id),
  },
  {
    name: 'cancel',
    does: 'end a backfill and cancel its runs that go on',
    more: '\nWhat it did stays. The rest can be run later: floe backfill start … --only-missing\n',
    call: (client, id) => client.cancelBackfill(id),
  },
];

export function addBackfillChanges(backfill: Command, context: CommandContext): void {
  for (const change of CHANGES) {
    const command = withOutput(backfill.command(change.name))
      .argument('<backfill>', 'the id of the backfill')
      .description(change.does)
      .addHelpText('after', `${change.more ?? ''}\nExamples:\n  floe backfill ${change.name} 01a0…`)
      .action(async (id: string) =>
        context.endWith(await apply(change, id, { options: command.optsWithGlobals(), context })),
      );
  }
}

type Options = GlobalOptions & OutputOptions;

async function apply(
  change: Change,
  id: string,
  { options, context }: { readonly options: Options; readonly context: CommandContext },
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const backfill = await change.call(client, id);
  const { terminal } = context;
  const word = backfillWord(backfill.state);
  const line = `${backfill.backfillId}  ${word}  ${progressOf(backfill)}`;
  await printRecord({ document: backfill, line }, { terminal, format: options.output });
  return EXIT.succeeded;
}
