import type { Run, RunState } from '@floe/client';
import { Option, type Command } from 'commander';
import { outputOptions, positiveInteger, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { elapsedMs } from '../../follow/run-view.ts';
import { formatAge, formatCount, formatDuration } from '../../render/amounts.ts';
import { printOutput, type Output } from '../../render/output.ts';
import { sightOf } from '../../render/states.ts';
import { openClient } from '../../server/find-server.ts';
import type { Colors } from '../../terminal.ts';

const STATES: Readonly<Record<string, RunState>> = {
  queued: 'RUN_STATE_QUEUED',
  running: 'RUN_STATE_RUNNING',
  cancelling: 'RUN_STATE_CANCELLING',
  succeeded: 'RUN_STATE_SUCCEEDED',
  failed: 'RUN_STATE_FAILED',
  cancelled: 'RUN_STATE_CANCELLED',
  timed_out: 'RUN_STATE_TIMED_OUT',
};

type ListOptions = GlobalOptions &
  OutputOptions & {
    readonly workflow?: string;
    readonly state?: readonly string[];
    readonly limit: number;
    readonly pageToken?: string;
  };

export function addRunsList(runs: Command, context: CommandContext): void {
  const command = runs
    .command('list')
    .description('list runs, the newest first')
    .option('--workflow <name>', 'only runs of this workflow')
    .addOption(
      new Option('--state <state...>', 'only runs in these states').choices(Object.keys(STATES)),
    )
    .option('--limit <count>', 'how many at most (up to 500)', positiveInteger, 20)
    .option('--page-token <token>', 'go on after the page that gave this token')
    .addHelpText('after', EXAMPLES)
    .action(async () => context.endWith(await list(command.optsWithGlobals(), context)));
  for (const option of outputOptions()) command.addOption(option);
}

const EXAMPLES = `
Examples:
  floe runs list --workflow late-flights
  floe runs list --state failed timed_out -o wide
  floe runs list --json | jq -r '.runs[].runId'`;

async function list(options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { workflow, state, limit, pageToken } = options;
  const answer = await client.listRuns({
    pageSize: limit,
    ...(workflow === undefined ? {} : { workflowName: workflow }),
    ...(state === undefined ? {} : { states: state.flatMap((word) => STATES[word] ?? []) }),
    ...(pageToken === undefined ? {} : { pageToken }),
  });
  const { terminal } = context;
  const output = runList(answer, terminal.outColors);
  await printOutput(output, { terminal, format: options.output });
  if (answer.nextPageToken !== '' && options.output !== 'json') {
    terminal.say(`There are more: --page-token ${answer.nextPageToken}`);
  }
  return EXIT.succeeded;
}

function runList(answer: { readonly runs: readonly Run[] }, colors: Colors): Output {
  const now = Date.now();
  return {
    document: answer,
    columns: [
      { title: 'run' },
      { title: 'workflow' },
      { title: 'version', align: 'right' },
      { title: 'state' },
      { title: 'created' },
      { title: 'took', align: 'right' },
      { title: 'rows loaded', align: 'right' },
      { title: 'trace', isWide: true },
      { title: 'failure', isWide: true },
    ],
    rows: answer.runs.map((run) => {
      const { symbol, word, paint } = sightOf(run.state, colors);
      const ms = elapsedMs(run, now);
      return [
        run.runId,
        run.workflowName,
        String(run.workflowVersion),
        { text: `${symbol} ${word}`, paint },
        formatAge(run.createTime, now),
        ms === undefined ? '' : formatDuration(ms),
        formatCount(run.rowsLoaded),
        run.traceId,
        run.failure?.message ?? '',
      ];
    }),
    whenEmpty: 'There are no such runs. Start one with floe run NAME.',
  };
}
