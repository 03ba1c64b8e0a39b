import type { FloeClient, Schedule } from '@floe/client';
import { FloeError } from '@floe/errors';
import type { Command } from 'commander';
import { positiveInteger, withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { waitForBackfill } from '../../follow/wait-for-backfill.ts';
import { readInstant } from '../../read-instant.ts';
import { printRecord } from '../../render/output.ts';
import { formatInstant, progressOf } from '../../render/schedules.ts';
import { openClient } from '../../server/find-server.ts';

type StartOptions = GlobalOptions &
  OutputOptions & {
    readonly from: string;
    readonly to: string;
    readonly onlyMissing?: true;
    readonly maxActive?: number;
    readonly requestId?: string;
    readonly detach?: true;
  };

export function addBackfillStart(backfill: Command, context: CommandContext): void {
  const command = withOutput(backfill.command('start'))
    .argument('<workflow>', 'a workflow with one schedule, or a schedule: WORKFLOW.NAME')
    .description('run every slot of the range, a bounded number at once, and follow it')
    .requiredOption('--from <time>', 'the beginning of the range: a day, or an instant')
    .requiredOption('--to <time>', 'its end; slots at this very time are not part of it')
    .option('--only-missing', 'leave out slots that have a run that succeeded')
    .option('--max-active <count>', 'how many runs at once (up to 100; 16)', positiveInteger)
    .option('--request-id <id>', 'the same id again answers the first backfill')
    .option('--detach', 'do not wait for its end')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string) =>
      context.endWith(await start(name, command.optsWithGlobals(), context)),
    );
}

const EXAMPLES = `
Days are those of the schedule's zone: --from 2026-01-01 --to 2026-02-01 is January. Runs get the parameters that the
schedule gives to their slot, and go behind the runs of schedules and people. Ctrl-C detaches; the backfill goes on.

Examples:
  floe backfill start late-flights --from 2026-01-01 --to 2026-02-01
  floe backfill start late-flights.daily --from 2026-01-01 --to 2026-02-01 --only-missing --detach
  floe backfill start late-flights --from 2026-01-01T06:00:00Z --to 2026-01-02T06:00:00Z --json`;

async function start(
  name: string,
  options: StartOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const schedule = await findSchedule(client, name);
  const { timezone, scheduleId, workflowName } = schedule;
  const { onlyMissing, maxActive, requestId } = options;
  const { backfill, alreadyStarted } = await client.startBackfill({
    workflowName,
    scheduleId,
    fromTime: readInstant('--from', options.from, timezone),
    toTime: readInstant('--to', options.to, timezone),
    ...(onlyMissing === undefined ? {} : { onlyMissing }),
    ...(maxActive === undefined ? {} : { maxActive }),
    ...(requestId === undefined ? {} : { requestId }),
  });
  const { terminal } = context;
  const range = [backfill.fromTime, backfill.toTime].map((at) => formatInstant(at, timezone));
  const was = alreadyStarted ? 'was started before' : 'started';
  terminal.say(`Backfill ${backfill.backfillId} of ${scheduleId} ${was}: ${range.join(' to ')}`);
  if (options.detach !== true) {
    const { backfillId } = backfill;
    return waitForBackfill(client, backfillId, { terminal, format: options.output });
  }
  const line = `${backfill.backfillId}  ${progressOf(backfill)}`;
  await printRecord({ document: backfill, line }, { terminal, format: options.output });
  return EXIT.succeeded;
}

async function findSchedule(client: FloeClient, name: string): Promise<Schedule> {
  if (name.includes('.')) return client.getSchedule(name);
  const { schedules } = await client.listSchedules({ workflowName: name });
  const [only] = schedules;
  if (only !== undefined && schedules.length === 1) return only;
  const ids = schedules.map((schedule) => schedule.scheduleId);
  if (only === undefined) {
    throw new FloeError('SCHEDULE_NOT_FOUND', `workflow ${name} has no schedule`, {
      hint: 'A backfill runs the slots of a schedule: add one to the document, paused if need be.',
    });
  }
  throw new FloeError('ARGUMENT_INVALID', `workflow ${name} has ${ids.length} schedules`, {
    hint: `Say which: ${ids.join(', ')}.`,
  });
}
