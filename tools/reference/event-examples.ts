/** An example of each event, as the code that tells subscribers makes it of the few facts that a commit changes. */
import {
  isRunEnded,
  RUN_STATUSES,
  TASK_STATUSES,
  type RunStatus,
  type TaskStatus,
} from '@floe/engine';
import {
  expandEvents,
  type EventContext,
  type ExpandedEvent,
  type RunEvent,
  type RunFacts,
  type TaskFacts,
} from '@floe/scheduling';

const CREATED = Date.parse('2026-11-26T05:00:00.120Z');
const at = (seconds: number) => CREATED + seconds * 1_000;
const READY = at(1);
const STARTED = at(1.2);
const ENDED = at(4);

const RUN_ID = '01a1b2c3-0d5b-7c3e-9f10-4b6f1d2a7c01';

const TASKS = [
  { id: 'flights', type: 'postgres_extract', upstreamTaskIds: [] },
  { id: 'ranking', type: 'expression_transform', upstreamTaskIds: ['flights'] },
  { id: 'store', type: 'postgres_load', upstreamTaskIds: ['ranking'] },
];

const CONTEXT: EventContext = {
  runId: RUN_ID,
  workflowName: 'late-flights',
  workflowVersion: 3,
  generation: 1,
  trigger: 'schedule',
  parameters: { minutes: { kind: 'integer', value: '15' } },
  createdAt: CREATED,
  deadlineAt: at(3_600),
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  taskCount: TASKS.length,
  task: (index) => TASKS[index]!,
};

const NO_TABLE = {
  code: 'TABLE_NOT_FOUND',
  message: 'there is no table analytics.late_flights',
  taskId: 'store',
  details: { table: 'analytics.late_flights' },
  hint: 'Create it, or say create: true.',
};
const TOO_LONG = { code: 'TIMED_OUT', message: 'it took longer than 1h' };

const NO_TASKS = Object.fromEntries(TASK_STATUSES.map((status) => [status, 0])) as Record<
  TaskStatus,
  number
>;

const DATASET = {
  uri: `file:///var/lib/floe/datasets/${RUN_ID}/ranking-1.ipc`,
  rows: 312,
  bytes: 9_410,
  schema: [
    { name: 'origin', type: { kind: 'String' } },
    { name: 'late_flights', type: { kind: 'UInt32' } },
  ],
};

/** How the tasks stand when a run comes into a state. */
const COUNTS: Readonly<Record<RunStatus, Partial<Record<TaskStatus, number>>>> = {
  queued: { pending: 3 },
  running: { pending: 2, ready: 1 },
  paused: { pending: 2, succeeded: 1 },
  cancelling: { pending: 2, running: 1 },
  succeeded: { succeeded: 3 },
  failed: { succeeded: 2, failed: 1 },
  cancelled: { succeeded: 1, cancelled: 2 },
  timed_out: { succeeded: 1, timed_out: 2 },
};

/** In the order in which the states are listed. */
export function runExamples(): readonly ExpandedEvent[] {
  return RUN_STATUSES.map((status, index) => {
    const endedAt = isRunEnded(status) ? ENDED : undefined;
    const failure = status === 'failed' ? NO_TABLE : status === 'timed_out' ? TOO_LONG : undefined;
    const startedAt = status === 'queued' ? undefined : STARTED;
    const type = status === 'running' ? 'run.started' : `run.${status}`;
    const event: RunEvent = { type, run: { status, startedAt, endedAt, failure } };
    const rowsLoaded = status === 'succeeded' ? 312 : 0;
    const before = { status, counts: { ...NO_TASKS, ...COUNTS[status] }, rowsLoaded };
    return expand(event, { sequence: index === 0 ? 1 : 9 + index, before });
  });
}

type TaskExample = { readonly task: number; readonly facts: Omit<TaskFacts, 'status'> };

const WAITING = { epoch: 0, attempts: 0 };
const OFFERED = { epoch: 1, attempts: 1, readyAt: READY };
const HELD = { ...OFFERED, startedAt: STARTED, executorId: 'executor-1' };
const DONE = { ...HELD, endedAt: ENDED, rows: 312, bytes: 9_410, peakMemoryBytes: 121_634_816 };

const TASK_EXAMPLES: Readonly<Record<TaskStatus, TaskExample>> = {
  pending: { task: 1, facts: { ...OFFERED, generation: 2 } },
  ready: { task: 0, facts: OFFERED },
  running: { task: 0, facts: HELD },
  retrying: {
    task: 2,
    facts: { ...HELD, end: 'failed', failure: NO_TABLE, nextAttemptAt: at(34) },
  },
  succeeded: { task: 2, facts: { ...DONE, end: 'succeeded' } },
  failed: { task: 2, facts: { ...HELD, endedAt: ENDED, end: 'failed', failure: NO_TABLE } },
  cancelled: { task: 2, facts: { ...WAITING, endedAt: ENDED } },
  timed_out: { task: 0, facts: { ...HELD, endedAt: ENDED, end: 'timed_out', failure: TOO_LONG } },
  skipped: { task: 2, facts: { ...WAITING, endedAt: ENDED } },
  upstream_failed: { task: 2, facts: { ...WAITING, endedAt: ENDED } },
};

/** Of each state, and the moment at which work is taken back. */
export function taskExamples(): readonly ExpandedEvent[] {
  const ofStates = TASK_STATUSES.map((status) => taskExample(`task.${status}`, status));
  return [...ofStates, taskExample('task.recalled', 'pending')];
}

function taskExample(type: string, status: TaskStatus): ExpandedEvent {
  const { task, facts } = TASK_EXAMPLES[status];
  const counts = { ...NO_TASKS, [status]: 1, succeeded: 2 };
  const event = { type, task, facts: { ...facts, status } };
  return expand(event, { sequence: 7, before: { ...RUNNING, counts } });
}

/** What is told rarely: for the fields. */
export function rareExamples(): readonly ExpandedEvent[] {
  const counts = { ...NO_TASKS, succeeded: 3 };
  const known = { ...WAITING, endedAt: ENDED, rows: 312, knownFrom: RUN_ID };
  const uncounted = { ...DONE, rows: undefined, hasUncountedRows: true };
  return [known, uncounted].map((facts) => {
    const event: RunEvent = {
      type: 'task.succeeded',
      task: 1,
      facts: { ...facts, status: 'succeeded' },
    };
    return expand(event, { sequence: 7, before: { ...RUNNING, counts } });
  });
}

export function datasetExamples(): readonly ExpandedEvent[] {
  const facts: TaskFacts = { ...DONE, status: 'succeeded', end: 'succeeded', dataset: DATASET };
  const counts = { ...NO_TASKS, ready: 1, succeeded: 2 };
  const event = { type: 'dataset.created', task: 1, facts };
  return [expand(event, { sequence: 8, before: { ...RUNNING, counts } })];
}

const RUNNING: Omit<RunFacts, 'counts'> = { status: 'running', startedAt: STARTED, rowsLoaded: 0 };

type Place = { readonly sequence: number; readonly before: RunFacts };

function expand(event: RunEvent, { sequence, before }: Place): ExpandedEvent {
  const batch = { runId: RUN_ID, firstSequence: sequence, at: ENDED, before, events: [event] };
  const [expanded] = expandEvents(CONTEXT, batch);
  if (expanded === undefined) throw new Error(`nothing is told of ${event.type}`);
  return expanded;
}
