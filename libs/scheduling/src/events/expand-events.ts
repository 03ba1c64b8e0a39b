/**
 * Events as people and programs see them: `{run, taskRun}` as they were after each event, in the JSON form of the
 * messages `floe.v1.Run` and `floe.v1.TaskRun` (fields that have their default are left out, 64-bit numbers are text).
 */
import { isRunEnded, type AttemptEnd, type Failure, type StatusCounts } from '@floe/engine';
import {
  formatDataType,
  parametersAsJson,
  type DataType,
  type ParameterValue,
} from '@floe/expression';
import { isLoad } from '../runs/run-record.ts';
import type { EventBatch, RunEvent, RunFacts, SaidEvent, TaskFacts } from './run-event.ts';

/** What never changes about the run of a batch. */
export type EventContext = {
  readonly runId: string;
  readonly workflowName: string;
  readonly workflowVersion: number;
  readonly generation: number;
  readonly trigger: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly createdAt: number;
  readonly deadlineAt: number;
  readonly traceId: string;
  readonly taskCount: number;
  task(index: number): EventTask;
};

export type EventTask = {
  readonly id: string;
  readonly type: string;
  readonly upstreamTaskIds: readonly string[];
};

export type ExpandedEvent = {
  readonly sequence: number;
  readonly type: string;
  readonly at: number;
  readonly task?: number;
  readonly data: { readonly run: object; readonly taskRun?: object };
};

/** The events of a batch after a number, in order. */
export function* expandEvents(
  context: EventContext,
  batch: EventBatch,
  afterSequence = 0,
): Generator<ExpandedEvent> {
  const fixed = fixedFields(context);
  const { at } = batch;
  let facts = batch.before;
  let sequence = batch.firstSequence - 1;
  for (const event of batch.events) {
    sequence += 1;
    const { type } = event;
    if ('said' in event) {
      if (sequence > afterSequence) yield { sequence, type, at, data: event.said };
      continue;
    }
    facts = applyEvent(context, facts, event);
    if (sequence <= afterSequence) continue;
    const run = { ...fixed, ...changingFields(context, facts), sequence: String(sequence) };
    if ('run' in event) yield { sequence, type, at, data: { run } };
    else {
      const taskRun = taskRunJson(context, event.task, event.facts);
      yield { sequence, type, at, task: event.task, data: { run, taskRun } };
    }
  }
}

function applyEvent(
  context: EventContext,
  facts: RunFacts,
  event: Exclude<RunEvent, SaidEvent>,
): RunFacts {
  if ('run' in event) return { ...facts, ...event.run };
  const { from, facts: task } = event;
  if (from === undefined) return facts;
  const counts = { ...facts.counts };
  counts[from] -= 1;
  counts[task.status] += 1;
  const isLoaded = task.status === 'succeeded' && isLoad(context.task(event.task).type);
  return { ...facts, counts, rowsLoaded: facts.rowsLoaded + (isLoaded ? (task.rows ?? 0) : 0) };
}

function fixedFields(context: EventContext): object {
  return {
    runId: context.runId,
    workflowName: context.workflowName,
    workflowVersion: context.workflowVersion,
    generation: context.generation,
    trigger: `TRIGGER_KIND_${context.trigger.toUpperCase()}`,
    parameters: parametersAsJson(context.parameters),
    createTime: instant(context.createdAt),
    deadlineTime: instant(context.deadlineAt),
    traceId: context.traceId,
  };
}

function changingFields({ taskCount }: EventContext, facts: RunFacts): object {
  return {
    state: `RUN_STATE_${facts.status.toUpperCase()}`,
    startTime: instant(facts.startedAt),
    endTime: isRunEnded(facts.status) ? instant(facts.endedAt) : undefined,
    failure: failureJson(facts.failure),
    taskCounts: countsJson(facts.counts, taskCount),
    rowsLoaded: facts.rowsLoaded === 0 ? undefined : String(facts.rowsLoaded),
  };
}

function countsJson(counts: StatusCounts, total: number): object {
  const { timed_out: timedOut, upstream_failed: upstreamFailed, ...others } = counts;
  return withoutZeros({ total, ...others, timedOut, upstreamFailed });
}

function withoutZeros(counts: Readonly<Record<string, number>>): object {
  const shown: Record<string, number> = {};
  for (const name in counts) if (counts[name] !== 0) shown[name] = counts[name]!;
  return shown;
}

/** A task run with its newest attempt. */
function taskRunJson(context: EventContext, index: number, facts: TaskFacts): object {
  const { id, type, upstreamTaskIds } = context.task(index);
  return {
    runId: context.runId,
    taskId: id,
    type,
    state: `TASK_STATE_${facts.status.toUpperCase()}`,
    upstreamTaskIds: upstreamTaskIds.length === 0 ? undefined : upstreamTaskIds,
    attemptCount: facts.attempts || undefined,
    readyTime: instant(facts.readyAt),
    startTime: instant(facts.startedAt),
    endTime: instant(facts.endedAt),
    nextAttemptTime: instant(facts.nextAttemptAt),
    ...amounts(facts),
    rowsUncounted: facts.hasUncountedRows || undefined,
    failure: failureJson(facts.failure),
    attempts: facts.epoch === 0 ? undefined : [attemptJson(context.runId, id, facts)],
    dataset: datasetJson(facts.dataset),
    recomputeCount: (facts.generation ?? 1) - 1 || undefined,
    cachedFromRunId: facts.knownFrom,
  };
}

function attemptJson(runId: string, taskId: string, facts: TaskFacts): object {
  return {
    attemptId: `${runId}/${taskId}/${facts.epoch}`,
    number: Math.max(1, facts.attempts),
    epoch: String(facts.epoch),
    state: `ATTEMPT_STATE_${attemptState(facts).toUpperCase()}`,
    executorId: facts.executorId,
    readyTime: instant(facts.readyAt),
    ...amounts(facts),
  };
}

function attemptState({ end, status }: TaskFacts): AttemptEnd | 'running' | 'ready' {
  return end ?? (status === 'running' ? 'running' : 'ready');
}

function amounts({ rows, bytes, peakMemoryBytes }: TaskFacts): object {
  return { rows: count(rows), bytes: count(bytes), peakMemoryBytes: count(peakMemoryBytes) };
}

function count(value: number | undefined): string | undefined {
  return value === undefined || value === 0 ? undefined : String(value);
}

function failureJson(failure: Failure | undefined): object | undefined {
  if (failure === undefined) return undefined;
  const { code, message, taskId, details, hint } = failure;
  const hasDetails = details !== undefined && Object.keys(details).length > 0;
  return {
    code,
    message: message === '' ? undefined : message,
    taskId: taskId === '' ? undefined : taskId,
    details: hasDetails ? details : undefined,
    hint: hint === '' ? undefined : hint,
  };
}

type StoredDataset = {
  readonly uri: string;
  readonly rows: number;
  readonly bytes: number;
  readonly schema: readonly { readonly name: string; readonly type: DataType }[];
};

/** A dataset reference is checked when an executor reports it. */
function datasetJson(stored: unknown): object | undefined {
  if (stored === undefined || stored === null) return undefined;
  const { uri, rows, bytes, schema } = stored as StoredDataset;
  const columns = schema.map(({ name, type }) => ({ name, type: formatDataType(type) }));
  return {
    uri,
    rows: count(rows),
    bytes: count(bytes),
    columns: columns.length === 0 ? undefined : columns,
  };
}

// Most of the instants of a batch are the same few: made once, they are found here.
const INSTANTS = new Map<number, string>();
const INSTANTS_MAX = 1_000;

function instant(at: number | undefined): string | undefined {
  if (at === undefined) return undefined;
  const known = INSTANTS.get(at);
  if (known !== undefined) return known;
  if (INSTANTS.size >= INSTANTS_MAX) INSTANTS.clear();
  const text = new Date(at).toISOString();
  INSTANTS.set(at, text);
  return text;
}
