/** What a run and a task did, in Markdown for people. Texts of users stand in it as they are, never as markup. */
import type { Metric, RunReport, TaskReport } from '@floe/rpc/contracts';

// A table that a person reads; the report has all tasks.
const TASKS_MAX = 200;
const METRICS_MAX = 200;

export function summariseRun(report: RunReport): string {
  const { run, tasks } = report;
  const lines = [
    `# ${plain(run?.workflowName ?? '')}: ${wordOf(run?.state ?? '')}`,
    '',
    table(
      ['', ''],
      [
        ['Run', run?.runId ?? ''],
        ['Version', String(run?.workflowVersion ?? '')],
        ['Started', run?.createTime?.toISOString() ?? ''],
        ['Took', duration(report.durationMs)],
        ['Rows read', count(report.rowsExtracted)],
        ['Rows loaded', count(report.rowsLoaded)],
        ['Data', bytesText(report.bytes)],
        ['Highest memory', bytesText(report.peakMemoryBytes)],
        ['Attempts', `${report.attemptCount}, ${report.lostAttemptCount} of them lost`],
      ],
    ),
    ...failureLines(run?.failure),
    '',
    '## Tasks',
    '',
    table(
      ['Task', 'Type', 'State', 'Rows', 'Waited', 'Ran', 'Attempts'],
      tasks
        .slice(0, TASKS_MAX)
        .map((task) => [
          task.taskId,
          task.type,
          wordOf(task.state),
          rowsOf(task),
          duration(task.queueMs),
          duration(task.runMs),
          String(task.attemptCount),
        ]),
    ),
  ];
  if (tasks.length > TASKS_MAX) lines.push('', `… and ${tasks.length - TASKS_MAX} more.`);
  lines.push(...metricLines(report.metrics));
  return `${lines.join('\n')}\n`;
}

export function summariseTask(task: TaskReport): string {
  const lines = [
    `# ${plain(task.taskId)}: ${wordOf(task.state)}`,
    '',
    table(
      ['', ''],
      [
        ['Type', task.type],
        ['Rows', rowsOf(task)],
        ['Data', bytesText(task.bytes)],
        ['Highest memory', bytesText(task.peakMemoryBytes)],
        ['Waited', duration(task.queueMs)],
        ['Ran', duration(task.runMs)],
        ['Attempts', String(task.attemptCount)],
        ...(task.cachedFromRunId === '' ? [] : [['Made by run', task.cachedFromRunId]]),
      ],
    ),
    ...failureLines(task.failure),
  ];
  return `${lines.join('\n')}\n`;
}

function metricLines(metrics: readonly Metric[]): string[] {
  if (metrics.length === 0) return [];
  const rows = metrics
    .slice(0, METRICS_MAX)
    .map(({ taskId, name, value, unit }) => [taskId, name, value.toLocaleString('en-US'), unit]);
  const rest = metrics.length - rows.length;
  const more = rest > 0 ? ['', `… and ${rest} more.`] : [];
  return ['', '## Metrics', '', table(['Task', 'Metric', 'Value', 'Unit'], rows), ...more];
}

function failureLines(failure: TaskReport['failure']): string[] {
  if (failure === undefined) return [];
  const { code, message, taskId, hint } = failure;
  const where = taskId === '' ? '' : ` in ${plain(taskId)}`;
  const mend = hint === '' ? [] : ['', `**What to do:** ${plain(hint)}`];
  return ['', `**${plain(code)}**${where}: ${plain(message)}`, ...mend];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** One line in which nothing is markup: neither HTML nor Markdown. */
function plain(text: string): string {
  if (text === '---') return text;
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|#!>~]/g, String.raw`\$&`);
}

/** `RUN_STATE_TIMED_OUT` and `TASK_STATE_TIMED_OUT` are "timed out". */
function wordOf(state: string): string {
  return state
    .replace(/^(RUN|TASK)_STATE_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');
}

function rowsOf({ rows, rowsUncounted }: TaskReport): string {
  return rowsUncounted ? 'not counted' : count(rows);
}

function count(value: bigint): string {
  return value.toLocaleString('en-US');
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** In the largest unit of which there is one: `108.1 MiB`. */
function bytesText(bytes: bigint): string {
  let amount = Number(bytes);
  let unit = 0;
  for (; amount >= 1_024 && unit < UNITS.length - 1; unit += 1) amount /= 1_024;
  return unit === 0 ? `${amount} bytes` : `${amount.toFixed(1)} ${UNITS[unit]}`;
}

function duration(ms: bigint): string {
  return ms < 1_000n ? `${ms} ms` : `${(Number(ms) / 1_000).toFixed(1)} s`;
}
