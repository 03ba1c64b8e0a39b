import type { FloeClient, Schedule } from '@floe/client';
import type { Command } from 'commander';
import { withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printRecord } from '../../render/output.ts';
import { formatInstant } from '../../render/schedules.ts';
import { openClient } from '../../server/find-server.ts';

type Options = GlobalOptions & OutputOptions;
type Change = (client: FloeClient, id: string) => Promise<Schedule>;

export function addSchedulesPause(schedules: Command, context: CommandContext): void {
  const command = schedules
    .command('pause')
    .description('start no more runs of a schedule; it stays paused when its document is applied')
    .addHelpText('after', '\nExamples:\n  floe schedules pause late-flights.daily');
  addChange(command, context, (client, id) => client.pauseSchedule(id));
}

export function addSchedulesResume(schedules: Command, context: CommandContext): void {
  const command = schedules
    .command('resume')
    .description('go on with a paused schedule; the slots of the pause are not made up for')
    .addHelpText(
      'after',
      '\nWhat the pause left out can be run with floe backfill start --only-missing.\n\nExamples:\n  floe schedules resume late-flights.daily',
    );
  addChange(command, context, (client, id) => client.resumeSchedule(id));
}

function addChange(command: Command, context: CommandContext, change: Change): void {
  withOutput(command)
    .argument('<schedule>', 'its id: WORKFLOW.NAME')
    .action(async (id: string) =>
      context.endWith(await apply(change, id, { options: command.optsWithGlobals(), context })),
    );
}

async function apply(
  change: Change,
  id: string,
  { options, context }: { readonly options: Options; readonly context: CommandContext },
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const schedule = await change(client, id);
  const next = formatInstant(schedule.nextFireTime, schedule.timezone);
  const line = `${schedule.scheduleId}  ${schedule.paused ? 'paused' : `next ${next}`}`;
  const { terminal } = context;
  await printRecord({ document: schedule, line }, { terminal, format: options.output });
  return EXIT.succeeded;
}
