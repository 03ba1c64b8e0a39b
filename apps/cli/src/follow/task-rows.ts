import { taskLeft, type TaskRun } from '@floe/client';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPlural,
  formatRate,
} from '../render/amounts.ts';
import { sightOf } from '../render/states.ts';
import type { Cell, Column } from '../render/table.ts';
import type { Colors } from '../terminal.ts';
import { asksSomebody } from './questions.ts';
import { elapsedMs, type RunView } from './run-view.ts';

export const TASK_COLUMNS: readonly Column[] = [
  { title: '' },
  { title: 'task' },
  { title: 'type' },
  { title: 'rows', align: 'right' },
  { title: 'rate', align: 'right' },
  { title: 'size', align: 'right' },
  { title: 'time', align: 'right' },
  { title: '' },
];

// Below this, a rate says more about the start of the task than about its speed.
const RATE_AFTER_MS = 50;

type Items = NonNullable<TaskRun['items']>;
type Scene = {
  readonly now: number;
  readonly colors: Colors;
  readonly spinner?: string;
  /** Of a run that is followed: how far its tasks are. */
  readonly view?: RunView;
};

/** One line of progress for each of these tasks. */
export function taskRows(tasks: Iterable<TaskRun>, scene: Scene): Cell[][] {
  return Array.from(tasks, (task) => taskRow(task, scene));
}

function taskRow(task: TaskRun, { now, colors, spinner, view }: Scene): Cell[] {
  const sight = sightOf(task.state, colors);
  const isRunning = task.state === 'TASK_STATE_RUNNING';
  const ms = elapsedMs(task, now);
  const rows = Number(task.rows);
  const hasRate = rows > 0 && ms !== undefined && ms >= RATE_AFTER_MS;
  return [
    { text: isRunning && spinner !== undefined ? spinner : sight.symbol, paint: sight.paint },
    task.taskId,
    { text: task.type, paint: colors.dim },
    rows > 0 ? formatCount(task.rows) : '',
    { text: hasRate ? formatRate((rows * 1_000) / ms) : '', paint: colors.dim },
    Number(task.bytes) > 0 ? formatBytes(task.bytes) : '',
    ms === undefined ? '' : formatDuration(ms),
    { text: remarks(task, view, now), paint: sight.paint },
  ];
}

/** Of items it is told how many are done; how far other tasks are goes behind what else there is to say of them. */
function remarks(task: TaskRun, view: RunView | undefined, now: number): string {
  const said = remark(task, now);
  if (said !== '' && task.items === undefined) return said;
  return [said, progressRemark(task, view, now)].filter((part) => part !== '').join(', ');
}

const PERCENT = 100;

function progressRemark(task: TaskRun, view: RunView | undefined, now: number): string {
  const { done, ms } = view === undefined ? {} : taskLeft(task, view, now);
  const percent =
    done === undefined || task.items !== undefined ? '' : `${Math.floor(done * PERCENT)} %, `;
  return ms === undefined ? '' : `${percent}about ${formatDuration(ms)} left`;
}

/** What the numbers do not say: another attempt, a failure, why it waits. */
function remark(task: TaskRun, now: number): string {
  const { state, failure, attemptCount, nextAttemptTime, items, waitingReason } = task;
  if (waitingReason !== undefined) return waitingReason;
  if (items !== undefined) return itemsRemark(items, failure);
  if (asksSomebody(task)) return 'waits for an answer';
  if (state === 'TASK_STATE_RETRYING') {
    const waitMs = nextAttemptTime === undefined ? 0 : Date.parse(nextAttemptTime) - now;
    const reason = failure === undefined ? '' : `: ${failure.message}`;
    return `attempt ${attemptCount + 1} in ${formatDuration(waitMs)}${reason}`;
  }
  if (state === 'TASK_STATE_RUNNING' || state === 'TASK_STATE_SUCCEEDED') {
    if (task.cachedFromRunId !== '') return `from the cache: made by run ${task.cachedFromRunId}`;
    const attempt = attemptCount > 1 ? [`attempt ${attemptCount}`] : [];
    return [...attempt, ...recomputeRemark(task)].join(', ');
  }
  if (failure !== undefined) return failure.message;
  return state === 'TASK_STATE_UPSTREAM_FAILED' ? 'a task that it needs did not succeed' : '';
}

function recomputeRemark({ recomputeCount }: TaskRun): readonly string[] {
  if (!(recomputeCount > 0)) return [];
  const times = recomputeCount === 1 ? '' : ` ${recomputeCount} times`;
  return [`done again${times}: its dataset had gone missing`];
}

/** Items are tried in chunks: how many attempts that took says nothing, how many items are done does. */
function itemsRemark(items: Items, failure: TaskRun['failure']): string {
  const failed = items.failed === 0 ? '' : `, ${items.failed} failed`;
  const reason = failure === undefined ? '' : `: ${failure.message}`;
  return `${formatCount(items.succeeded)} of ${formatPlural(items.total, 'item')}${failed}${reason}`;
}

/** At most `limit` tasks: all in their order when they fit, else those that matter now. */
export function chooseTasks(view: RunView, limit: number): readonly TaskRun[] {
  const tasks = [...view.tasks.values()];
  if (tasks.length <= limit) return tasks;
  return tasks.toSorted((a, b) => urgency(a) - urgency(b)).slice(0, limit);
}

const URGENCY = [
  'TASK_STATE_FAILED',
  'TASK_STATE_TIMED_OUT',
  'TASK_STATE_RETRYING',
  'TASK_STATE_RUNNING',
  'TASK_STATE_READY',
  'TASK_STATE_PENDING',
];

function urgency(task: TaskRun): number {
  const index = URGENCY.indexOf(task.state);
  return index === -1 ? URGENCY.length : index;
}
