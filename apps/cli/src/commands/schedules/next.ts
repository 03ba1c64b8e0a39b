import type { Command } from 'commander';
import { outputOptions, positiveInteger, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printOutput } from '../../render/output.ts';
import { formatInstant } from '../../render/schedules.ts';
import { openClient } from '../../server/find-server.ts';

type NextOptions = GlobalOptions &
  OutputOptions & { readonly count: number; readonly from?: string };

export function addSchedulesNext(schedules: Command, context: CommandContext): void {
  const command = schedules
    .command('next')
    .argument('<schedule>', 'its id: WORKFLOW.NAME')
    .description('say when a schedule is due next, also while it is paused')
    .option('--count <count>', 'how many times (up to 1000)', positiveInteger, 10)
    .option('--from <instant>', 'begin here instead of now, like 2026-03-28T00:00:00Z')
    .addHelpText(
      'after',
      `
Times are those of the schedule's zone. Look at the days when clocks change before you rely on them.

Examples:
  floe schedules next late-flights.daily
  floe schedules next late-flights.daily --from 2026-03-28T00:00:00Z --count 3 --json`,
    )
    .action(async (id: string) =>
      context.endWith(await next(id, command.optsWithGlobals(), context)),
    );
  for (const option of outputOptions()) command.addOption(option);
}

async function next(id: string, options: NextOptions, context: CommandContext): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { count, from, output: format } = options;
  const preview = await client.previewSchedule(id, {
    count,
    ...(from === undefined ? {} : { fromTime: from }),
  });
  const { timezone } = preview.schedule;
  const output = {
    document: preview,
    columns: [{ title: `in ${timezone}` }, { title: 'in UTC' }],
    rows: preview.slotTimes.map((slot) => [
      formatInstant(slot, timezone),
      formatInstant(slot, 'UTC'),
    ]),
    whenEmpty: 'It is never due again.',
  };
  await printOutput(output, { terminal: context.terminal, format });
  return EXIT.succeeded;
}
