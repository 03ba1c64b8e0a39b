import type { Schedule } from '@floe/client';
import type { Command } from 'commander';
import { limit, outputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import type { Output } from '../../render/output.ts';
import { formatInstant, overlapWord, timingOf } from '../../render/schedules.ts';
import { openClient } from '../../server/find-server.ts';
import { showOutput, WATCH_FLAG, WATCH_MEANS, type ShowOptions } from '../../show-output.ts';

type ListOptions = GlobalOptions &
  ShowOptions & { readonly workflow?: string; readonly limit: number };

export function addSchedulesList(schedules: Command, context: CommandContext): void {
  const command = schedules
    .command('list')
    .description('list schedules, with when each is due next')
    .option('--workflow <workflow>', 'only schedules of this workflow')
    .option('--limit <count>', 'how many at most (up to 500)', limit, 50)
    .option(WATCH_FLAG, WATCH_MEANS)
    .addHelpText(
      'after',
      '\nExamples:\n  floe schedules list\n  floe schedules list --workflow late-flights -o wide',
    )
    .action(async () => context.endWith(await list(command.optsWithGlobals(), context)));
  for (const option of outputOptions()) command.addOption(option);
}

async function list(options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { workflow, limit: pageSize } = options;
  const question = { pageSize, ...(workflow === undefined ? {} : { workflowName: workflow }) };
  return showOutput(
    async () => scheduleList(await client.listSchedules(question)),
    options,
    context,
  );
}

export function scheduleList(answer: { readonly schedules: readonly Schedule[] }): Output {
  return {
    document: answer,
    columns: [
      { title: 'schedule' },
      { title: 'when' },
      { title: 'zone' },
      { title: 'overlap' },
      { title: 'next' },
      { title: 'description', isWide: true },
    ],
    rows: answer.schedules.map((schedule) => [
      schedule.scheduleId,
      timingOf(schedule),
      schedule.timezone,
      overlapWord(schedule.overlap),
      schedule.paused ? 'paused' : formatInstant(schedule.nextFireTime, schedule.timezone),
      schedule.description,
    ]),
    whenEmpty: 'No workflow has a schedule. Add `schedules:` to a document and apply it.',
  };
}
