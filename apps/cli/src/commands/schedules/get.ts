import type { ScheduleSlot } from '@floe/client';
import type { Command } from 'commander';
import { outputOptions, positiveInteger, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { printOutput, type Output } from '../../render/output.ts';
import { describeSchedule, formatInstant, slotWord } from '../../render/schedules.ts';
import { openClient } from '../../server/find-server.ts';

type GetOptions = GlobalOptions & OutputOptions & { readonly limit: number };

export function addSchedulesGet(schedules: Command, context: CommandContext): void {
  const command = schedules
    .command('get')
    .argument('<schedule>', 'its id: WORKFLOW.NAME')
    .description('show a schedule, and what became of its last slots')
    .option('--limit <count>', 'how many slots at most (up to 500)', positiveInteger, 20)
    .addHelpText(
      'after',
      `
Every slot that was due ends as fired, skipped or missed, with the reason.

Examples:
  floe schedules get late-flights.daily
  floe schedules get late-flights.daily --json`,
    )
    .action(async (id: string) =>
      context.endWith(await get(id, command.optsWithGlobals(), context)),
    );
  for (const option of outputOptions()) command.addOption(option);
}

async function get(id: string, options: GetOptions, context: CommandContext): Promise<ExitCode> {
  const client = await openClient(options, context);
  // The first says what was meant when there is none of this id.
  const schedule = await client.getSchedule(id);
  const { slots } = await client.listScheduleSlots(id, { pageSize: options.limit });
  const { terminal } = context;
  for (const line of describeSchedule(schedule)) terminal.say(line);
  const output = { ...slotList(slots, schedule.timezone), document: { schedule, slots } };
  await printOutput(output, { terminal, format: options.output });
  return EXIT.succeeded;
}

function slotList(slots: readonly ScheduleSlot[], timezone: string): Output {
  return {
    document: slots,
    columns: [{ title: 'slot' }, { title: 'ended as' }, { title: 'run' }, { title: 'reason' }],
    rows: slots.map((slot) => [
      formatInstant(slot.slotTime, timezone),
      slotWord(slot.state),
      slot.runId,
      slot.reason,
    ]),
    whenEmpty: 'None of its slots was due yet.',
  };
}
