import type { Attention, AttentionKind, Overview } from '@floe/client';
import type { Command } from 'commander';
import { withOutput } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { formatAge, formatCount, formatDuration } from '../render/amounts.ts';
import type { Output } from '../render/output.ts';
import { openClient } from '../server/find-server.ts';
import { showOutput, WATCH_FLAG, WATCH_MEANS, type ShowOptions } from '../show-output.ts';
import type { Colors } from '../terminal.ts';

export function addOverviewCommand(program: Command, context: CommandContext): void {
  const command = withOutput(program.command('overview'))
    .description('show what needs somebody: what fails, is late, hangs or finds no executor')
    .option(WATCH_FLAG, WATCH_MEANS)
    .option('--exit-code', 'end with 1 when something needs somebody')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const options: OverviewOptions = command.optsWithGlobals();
      const client = await openClient(options, context);
      const { terminal } = context;
      let needs = 0;
      const ask = async () => {
        const overview = await client.getOverview();
        needs = overview.attention.length;
        return attentionList(overview, terminal.outColors);
      };
      const code = await showOutput(ask, options, context);
      const isBad = code === EXIT.succeeded && options.exitCode === true && needs > 0;
      context.endWith(isBad ? EXIT.failed : code);
    });
}

type OverviewOptions = GlobalOptions & ShowOptions & { readonly exitCode?: true };

const EXAMPLES = `
Examples:
  floe overview
  floe overview --watch
  floe overview --exit-code || mail -s "floe" data@example.com < /dev/null
  floe overview --json | jq -r '.attention[].workflowName'`;

const WORDS: Readonly<Record<AttentionKind, string>> = {
  ATTENTION_KIND_UNCLAIMABLE: 'no executor',
  ATTENTION_KIND_STUCK: 'stuck',
  ATTENTION_KIND_FAILED: 'failed',
  ATTENTION_KIND_LATE: 'late',
  ATTENTION_KIND_APPROVAL: 'asked',
};

function attentionList(overview: Overview, colors: Colors): Output {
  const now = Date.now();
  return {
    document: overview,
    columns: [
      { title: 'needs you' },
      { title: 'workflow' },
      { title: 'task' },
      { title: 'since' },
      { title: 'why' },
      { title: 'how many', align: 'right', isWide: true },
      { title: 'run' },
    ],
    rows: overview.attention.map((each) => [
      { text: WORDS[each.kind] ?? each.kind, paint: paintOf(each, colors) },
      each.workflowName,
      each.taskId,
      formatAge(each.sinceTime, now),
      each.reason,
      formatCount(each.count),
      each.runId,
    ]),
    whenEmpty: `Nothing needs you. ${inNumbers(overview)}`,
  };
}

function inNumbers(overview: Overview): string {
  const { runningCount, queuedCount, succeededLastDayCount, failedLastDayCount } = overview;
  const waits = Number(overview.oldestReadyMs);
  const oldest = waits === 0 ? '' : `, the oldest ready task for ${formatDuration(waits)}`;
  return (
    `${formatCount(runningCount)} running, ${formatCount(queuedCount)} queued${oldest}; ` +
    `in the last day ${formatCount(succeededLastDayCount)} succeeded, ${formatCount(failedLastDayCount)} failed.`
  );
}

function paintOf({ kind }: Attention, colors: Colors) {
  return kind === 'ATTENTION_KIND_FAILED' ? colors.red : colors.yellow;
}
