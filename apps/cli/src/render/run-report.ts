import type { RunReport, TaskReport } from '@floe/client';
import type { Colors } from '../terminal.ts';
import { formatBytes, formatCount, formatDuration, formatPlural } from './amounts.ts';
import type { Output } from './output.ts';
import { sightOf } from './states.ts';
import type { Cell, Column } from './table.ts';

type ReportColumn = Column & { readonly isWide?: boolean };

const COLUMNS: readonly ReportColumn[] = [
  { title: '' },
  { title: 'task' },
  { title: 'type' },
  { title: 'rows', align: 'right' },
  { title: 'size', align: 'right' },
  { title: 'waited', align: 'right' },
  { title: 'ran', align: 'right' },
  { title: 'peak memory', align: 'right' },
  { title: 'attempts', align: 'right' },
  { title: 'critical path', isWide: true },
  { title: 'failure' },
];

/** What a run did, task by task. */
export function reportOutput(report: RunReport, colors: Colors): Output {
  const critical = new Set(report.criticalPathTaskIds);
  const rows = report.tasks.map((task) => taskRow(task, { colors, critical }));
  const hasFailure = report.tasks.some((task) => task.failure !== undefined);
  return {
    document: report,
    columns: hasFailure ? COLUMNS : COLUMNS.slice(0, -1),
    rows,
    whenEmpty: 'The run has no tasks.',
  };
}

function taskRow(
  task: TaskReport,
  { colors, critical }: { readonly colors: Colors; readonly critical: ReadonlySet<string> },
): Cell[] {
  const { symbol, paint } = sightOf(task.state, colors);
  const hasRun = task.attemptCount > 0;
  return [
    { text: symbol, paint },
    task.taskId,
    { text: task.type, paint: colors.dim },
    hasRun ? formatRows(task) : '',
    Number(task.bytes) > 0 ? formatBytes(task.bytes) : '',
    hasRun ? formatDuration(task.queueMs) : '',
    hasRun ? formatDuration(task.runMs) : '',
    Number(task.peakMemoryBytes) > 0 ? formatBytes(task.peakMemoryBytes) : '',
    task.cachedFromRunId === '' ? String(task.attemptCount) : 'cached',
    critical.has(task.taskId) ? 'yes' : '',
    { text: task.failure?.message ?? '', paint: colors.red },
  ];
}

function formatRows({ rows, rowsUncounted }: TaskReport): string {
  return rowsUncounted ? 'uncounted' : formatCount(rows);
}

/** The run in one sentence. */
export function reportSummary(report: RunReport, colors: Colors): string {
  const { run } = report;
  if (run === undefined) return '';
  const { symbol, word, paint } = sightOf(run.state, colors);
  const lost = report.lostAttemptCount;
  const facts = [
    `${word} in ${formatDuration(report.durationMs)}`,
    `${formatCount(report.rowsExtracted)} rows read`,
    `${formatCount(report.rowsLoaded)} rows loaded`,
    ...(lost === 0 ? [] : [`${formatPlural(lost, 'attempt')} lost and made up for`]),
  ];
  return `${paint(`${symbol} ${run.workflowName} v${run.workflowVersion}`)} ${facts.join(', ')}`;
}
