import type { FreshnessState, TableFreshness } from '@floe/client';
import { Option, type Command } from 'commander';
import { limit, withOutput } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { formatAge, formatCount, formatDuration } from '../render/amounts.ts';
import type { Output } from '../render/output.ts';
import { openClient } from '../server/find-server.ts';
import { showOutput, WATCH_FLAG, WATCH_MEANS, type ShowOptions } from '../show-output.ts';
import type { Colors } from '../terminal.ts';

const STATES: Readonly<Record<string, FreshnessState>> = {
  fresh: 'FRESHNESS_STATE_FRESH',
  late: 'FRESHNESS_STATE_LATE',
  unscheduled: 'FRESHNESS_STATE_UNSCHEDULED',
};

type FreshnessOptions = GlobalOptions &
  ShowOptions & {
    readonly workflow?: string;
    readonly state?: readonly string[];
    readonly limit: number;
    readonly pageToken?: string;
  };

export function addFreshnessCommand(program: Command, context: CommandContext): void {
  const command = withOutput(program.command('freshness'))
    .description('list when tables and files were last loaded, and whether that is as scheduled')
    .option('--workflow <workflow>', 'only what this workflow loads')
    .addOption(
      new Option('--state <state...>', 'only those in these states').choices(Object.keys(STATES)),
    )
    .option('--limit <count>', 'how many at most (up to 500)', limit, 100)
    .option('--page-token <token>', 'go on after the page that gave this token')
    .option(WATCH_FLAG, WATCH_MEANS)
    .addHelpText(
      'after',
      '\nExamples:\n  floe freshness --state late\n  floe freshness --workflow late-flights -o wide',
    )
    .action(async () => {
      const options: FreshnessOptions = command.optsWithGlobals();
      const client = await openClient(options, context);
      const { workflow, state = [], limit: pageSize, pageToken = '' } = options;
      const question = {
        pageSize,
        pageToken,
        states: state.flatMap((word) => STATES[word] ?? []),
        ...(workflow === undefined ? {} : { workflowName: workflow }),
      };
      const ask = async () =>
        freshnessList(await client.listFreshness(question), context.terminal.outColors);
      context.endWith(await showOutput(ask, options, context));
    });
}

function freshnessList(
  answer: { readonly tables: readonly TableFreshness[] },
  colors: Colors,
): Output {
  const now = Date.now();
  return {
    document: answer,
    columns: [
      { title: 'table' },
      { title: 'state' },
      { title: 'loaded' },
      { title: 'late by', align: 'right' },
      { title: 'rows', align: 'right', yields: true },
      { title: 'workflow', yields: true },
      { title: 'task', yields: true },
      { title: 'next', isWide: true },
      { title: 'run', isWide: true },
    ],
    rows: answer.tables.map((table) => [
      table.dataset,
      stateCell(table, colors),
      formatAge(table.loadTime, now) || 'never',
      Number(table.latenessMs) > 0 ? formatDuration(table.latenessMs) : '',
      formatCount(table.rows),
      table.workflowName,
      table.taskId,
      table.nextTime ?? '',
      table.runId,
    ]),
    whenEmpty: 'No workflow loads such a table or file.',
  };
}

function stateCell({ state }: TableFreshness, colors: Colors) {
  const text = state.replace('FRESHNESS_STATE_', '').toLowerCase();
  const paint = text === 'late' ? colors.red : text === 'fresh' ? colors.green : colors.dim;
  return { text, paint };
}
