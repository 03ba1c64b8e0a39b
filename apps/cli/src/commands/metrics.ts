import type { Metric } from '@floe/client';
import type { Command } from 'commander';
import { withOutput, type OutputOptions } from '../command-options.ts';
import type { CommandContext, GlobalOptions } from '../context.ts';
import type { Output } from '../render/output.ts';
import { openClient } from '../server/find-server.ts';
import { showOutput } from '../show-output.ts';

// A page of the API; a run whose tasks measure more is a matter for programs.
const METRICS_MAX = 1_000;

export function addMetricsCommand(program: Command, context: CommandContext): void {
  const command = withOutput(program.command('metrics'))
    .argument('<run>', 'the id of the run')
    .option('--task <task>', 'only numbers of this task')
    .description('list the numbers that the tasks of a run measured')
    .addHelpText(
      'after',
      "\nExamples:\n  floe metrics 01a0…\n  floe metrics 01a0… --json | jq '.metrics[] | {name, value}'",
    )
    .action(async (runId: string) => {
      const options: GlobalOptions & OutputOptions & { readonly task?: string } =
        command.optsWithGlobals();
      const client = await openClient(options, context);
      const ask = async () => {
        const { task } = options;
        const ofTask = task === undefined ? {} : { taskId: task };
        const { metrics } = await client.listMetrics(runId, { pageSize: METRICS_MAX, ...ofTask });
        return metricList(metrics);
      };
      context.endWith(await showOutput(ask, options, context));
    });
}

function metricList(metrics: readonly Metric[]): Output {
  return {
    document: { metrics },
    columns: [
      { title: 'task' },
      { title: 'metric' },
      { title: 'value', align: 'right' },
      { title: 'unit' },
      { title: 'time', isWide: true },
    ],
    rows: metrics.map(({ taskId, name, value, unit, time }) => [
      taskId,
      name,
      String(value),
      unit,
      time ?? '',
    ]),
    whenEmpty: 'The tasks of the run measured nothing of their own.',
  };
}
