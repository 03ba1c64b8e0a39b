import type { Run, RunState } from '@floe/client';
import { Option, type Command } from 'commander';
import { isForPrograms, limit, withOutput } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { readSince } from '../../read-since.ts';
import { elapsedMs } from '../../follow/run-view.ts';
import { formatAge, formatCount, formatDuration } from '../../render/amounts.ts';
import type { Output } from '../../render/output.ts';
import { sightOf } from '../../render/states.ts';
import { collectParameter, type ParameterTexts } from '../../run-parameters.ts';
import { openClient } from '../../server/find-server.ts';
import { showOutput, WATCH_FLAG, WATCH_MEANS, type ShowOptions } from '../../show-output.ts';
import type { Colors } from '../../terminal.ts';

const STATES: Readonly<Record<string, RunState>> = {
  queued: 'RUN_STATE_QUEUED',
  running: 'RUN_STATE_RUNNING',
  paused: 'RUN_STATE_PAUSED',
  cancelling: 'RUN_STATE_CANCELLING',
  succeeded: 'RUN_STATE_SUCCEEDED',
  failed: 'RUN_STATE_FAILED',
  cancelled: 'RUN_STATE_CANCELLED',
  timed_out: 'RUN_STATE_TIMED_OUT',
};

type ListOptions = GlobalOptions &
  ShowOptions & {
    readonly workflow?: string;
    readonly state?: readonly string[];
    readonly label?: ParameterTexts;
    readonly since?: string;
    readonly until?: string;
    readonly limit: number;
    readonly pageToken?: string;
  };

export function addRunsList(runs: Command, context: CommandContext): void {
  const command = withOutput(runs.command('list'))
    .description('list runs, the newest first')
    .option('--workflow <workflow>', 'only runs of this workflow')
    .addOption(
      new Option('--state <state...>', 'only runs in these states').choices(Object.keys(STATES)),
    )
    .option('--label <name=value>', 'only runs with this label; repeat for more', collectParameter)
    .option('--since <time>', 'only runs made since then: 2h ago, or a day or instant', readSince)
    .option('--until <time>', 'only runs made before then', readSince)
    .option('--limit <count>', 'how many at most (up to 500)', limit, 20)
    .option('--page-token <token>', 'go on after the page that gave this token')
    .option(WATCH_FLAG, WATCH_MEANS)
    .addHelpText('after', EXAMPLES)
    .action(async () => context.endWith(await list(command.optsWithGlobals(), context)));
}

const EXAMPLES = `
Examples:
  floe runs list --workflow late-flights
  floe runs list --state failed timed_out --since 1d -o wide
  floe runs list --state running --watch
  floe runs list --json | jq -r '.runs[].runId'`;

async function list(options: ListOptions, context: CommandContext): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { terminal } = context;
  let nextPageToken = '';
  const ask = async () => {
    const answer = await client.listRuns(questionOf(options));
    nextPageToken = answer.nextPageToken;
    return runList(answer, terminal.outColors);
  };
  const code = await showOutput(ask, options, context);
  if (nextPageToken !== '' && options.watch !== true && !isForPrograms(options.output)) {
    terminal.say(`There are more: --page-token ${nextPageToken}`);
  }
  return code;
}

function questionOf(options: ListOptions) {
  const { workflow, state, label, since, until, limit: pageSize, pageToken } = options;
  return {
    pageSize,
    ...(workflow === undefined ? {} : { workflowName: workflow }),
    ...(state === undefined ? {} : { states: state.flatMap((word) => STATES[word] ?? []) }),
    ...(label === undefined ? {} : { annotations: label }),
    ...(since === undefined ? {} : { fromTime: since }),
    ...(until === undefined ? {} : { toTime: until }),
    ...(pageToken === undefined ? {} : { pageToken }),
  };
}

function runList(answer: { readonly runs: readonly Run[] }, colors: Colors): Output {
  const now = Date.now();
  return {
    document: answer,
    columns: [
      { title: 'run' },
      { title: 'workflow' },
      { title: 'version', align: 'right', yields: true },
      { title: 'state' },
      { title: 'created' },
      { title: 'took', align: 'right', yields: true },
      { title: 'rows loaded', align: 'right', yields: true },
      { title: 'labels', isWide: true },
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
        labelsOf(run),
        run.traceId,
        run.failure?.message ?? '',
      ];
    }),
    whenEmpty: 'There are no such runs. Start one with floe run NAME.',
  };
}

function labelsOf({ annotations = {} }: Run): string {
  return Object.entries(annotations)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
