import type { Backfill } from '@floe/client';
import type { Command } from 'commander';
import { limit, outputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { formatAge } from '../../render/amounts.ts';
import type { Output } from '../../render/output.ts';
import { backfillWord, paintOfBackfill, progressOf } from '../../render/schedules.ts';
import { openClient } from '../../server/find-server.ts';
import { showOutput, WATCH_FLAG, WATCH_MEANS, type ShowOptions } from '../../show-output.ts';
import type { Colors } from '../../terminal.ts';

type ListOptions = GlobalOptions &
  ShowOptions & { readonly workflow?: string; readonly limit: number };

export function addBackfillList(backfill: Command, context: CommandContext): void {
  const command = backfill
    .command('list')
    .description('list backfills, the newest first')
    .option('--workflow <workflow>', 'only backfills of this workflow')
    .option('--limit <count>', 'how many at most (up to 500)', limit, 20)
    .option(WATCH_FLAG, WATCH_MEANS)
    .addHelpText('after', '\nExamples:\n  floe backfill list\n  floe backfill list --watch')
    .action(async () => context.endWith(await list(command.optsWithGlobals(), context)));
  for (const option of outputOptions()) command.addOption(option);
}

async function list(options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { workflow, limit: pageSize } = options;
  const question = { pageSize, ...(workflow === undefined ? {} : { workflowName: workflow }) };
  const ask = async () => {
    const answer = await client.listBackfills(question);
    return {
      ...backfillList(answer.backfills, context.terminal.outColors),
      document: answer,
    };
  };
  return showOutput(ask, options, context);
}

export function backfillList(backfills: readonly Backfill[], colors: Colors): Output {
  const now = Date.now();
  return {
    document: backfills,
    columns: [
      { title: 'backfill' },
      { title: 'schedule' },
      { title: 'from', yields: true },
      { title: 'to', yields: true },
      { title: 'state' },
      { title: 'progress' },
      { title: 'started', yields: true },
    ],
    rows: backfills.map((backfill) => [
      backfill.backfillId,
      backfill.scheduleId,
      backfill.fromTime ?? '',
      backfill.toTime ?? '',
      { text: backfillWord(backfill.state), paint: paintOfBackfill(backfill.state, colors) },
      progressOf(backfill),
      formatAge(backfill.createTime, now),
    ]),
    whenEmpty:
      'There are no backfills. Start one with floe backfill start WORKFLOW --from … --to …',
  };
}
