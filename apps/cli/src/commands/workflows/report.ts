import type { TaskStatistics, WorkflowReport } from '@floe/client';
import type { Command } from 'commander';
import { isForPrograms, withOutput, type OutputOptions } from '../../command-options.ts';
import type { CommandContext, GlobalOptions } from '../../context.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readSince } from '../../read-since.ts';
import { formatBytes, formatCount, formatDuration, formatPlural } from '../../render/amounts.ts';
import { printOutput, type Output } from '../../render/output.ts';
import { printable } from '../../render/printable.ts';
import { openClient } from '../../server/find-server.ts';
import type { Terminal } from '../../terminal.ts';

type ReportOptions = GlobalOptions &
  OutputOptions & { readonly since?: string; readonly until?: string };

export function addWorkflowsReport(workflows: Command, context: CommandContext): void {
  const command = withOutput(workflows.command('report'))
    .argument('<workflow>', 'its name')
    .description('show how a workflow has been doing: durations, slowest tasks, why it failed')
    .option(
      '--since <time>',
      'runs made since then: 7d ago (default: 30d), or a day or instant',
      readSince,
    )
    .option('--until <time>', 'only runs made before then', readSince)
    .addHelpText(
      'after',
      '\nExamples:\n  floe workflows report late-flights\n  floe workflows report late-flights --since 7d --json | jq .trend',
    )
    .action(async (name: string) =>
      context.endWith(await report(name, command.optsWithGlobals(), context)),
    );
}

async function report(
  name: string,
  options: ReportOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const client = await openClient(options, context);
  const { since, until, output: format } = options;
  const found = await client.getWorkflowReport(name, {
    ...(since === undefined ? {} : { fromTime: since }),
    ...(until === undefined ? {} : { toTime: until }),
  });
  const { terminal } = context;
  if (!isForPrograms(format)) sayRuns(found, terminal);
  await printOutput(taskList(found), { terminal, format });
  if (!isForPrograms(format)) sayFailures(found, terminal);
  return EXIT.succeeded;
}

function sayRuns(report: WorkflowReport, terminal: Terminal): void {
  const { runCount, succeededCount, failedCount, cancelledCount, truncated } = report;
  terminal.say(
    `${terminal.errorColors.bold(printable(report.workflowName))}  ${formatPlural(Number(runCount), 'run')}: ` +
      `${formatCount(succeededCount)} succeeded, ${formatCount(failedCount)} failed, ${formatCount(cancelledCount)} cancelled` +
      (truncated ? ' (of the newest 500)' : ''),
  );
  const { durationMs, rowsLoaded, peakMemoryBytes } = report;
  if (durationMs === undefined || Number(durationMs.count) === 0) return;
  const { p50, p90, p99 } = durationMs;
  terminal.say(
    `took ${formatDuration(p50)} (half of them), ${formatDuration(p90)} (90 of 100), ${formatDuration(p99)} (99 of 100); ` +
      `${formatCount(rowsLoaded)} rows loaded, peak memory ${formatBytes(peakMemoryBytes)}`,
  );
}

function taskList(report: WorkflowReport): Output {
  return {
    document: report,
    columns: [
      { title: 'task' },
      { title: 'type' },
      { title: 'p50', align: 'right' },
      { title: 'p90', align: 'right' },
      { title: 'p99', align: 'right', isWide: true },
      { title: 'waited', align: 'right' },
      { title: 'rows', align: 'right' },
      { title: 'failed', align: 'right' },
      { title: 'attempts', align: 'right', isWide: true },
      { title: 'peak memory', align: 'right', isWide: true },
    ],
    rows: report.slowestTasks.map(taskRow),
    whenEmpty: 'No task of it has run in that time.',
  };
}

function taskRow(task: TaskStatistics): string[] {
  const { durationMs, queueMs } = task;
  const time = (ms: string | undefined) => (ms === undefined ? '' : formatDuration(ms));
  return [
    task.taskId,
    task.type,
    time(durationMs?.p50),
    time(durationMs?.p90),
    time(durationMs?.p99),
    time(queueMs?.p50),
    formatCount(task.rows),
    `${formatCount(task.failedCount)} of ${formatCount(task.runCount)}`,
    formatCount(task.attemptCount),
    Number(task.peakMemoryBytes) > 0 ? formatBytes(task.peakMemoryBytes) : '',
  ];
}

function sayFailures({ failures }: WorkflowReport, terminal: Terminal): void {
  const { red } = terminal.errorColors;
  for (const { code, count, taskId, message, runId } of failures) {
    const where = taskId === '' ? '' : ` in ${printable(taskId)}`;
    terminal.say(
      `${red(`${formatCount(count)} × ${code}`)}${where}: ${printable(message)} (${runId})`,
    );
  }
}
