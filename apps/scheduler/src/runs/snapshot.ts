import {
  AttemptState,
  Run,
  RunState as ProtoRunState,
  TaskCounts,
  TaskRun,
  TaskState as ProtoTaskState,
  TriggerKind,
} from '@floe/rpc/contracts';
import { parametersAsJson } from '@floe/expression';
import { TASK_STATUSES, type Failure, type StatusCounts, type TaskStatus } from '@floe/engine';
import { toDatasetMessage } from './dataset-message.ts';

import type { RunRecord } from './run-record.ts';

/** A run as the API and the events show it, built from the record alone. */
export function runMessage(record: RunRecord): Run {
  const { state } = record;
  return Run.create({
    runId: record.runId,
    workflowName: record.workflowName,
    workflowVersion: record.workflowVersion,
    generation: record.generation,
    state: ProtoRunState[upper(state.status)],
    trigger: triggerKind(record.trigger),
    parameters: parametersAsJson(record.parameters),
    createTime: new Date(state.createdAt),
    startTime: instant(state.startedAt),
    endTime: instant(state.endedAt),
    deadlineTime: new Date(state.deadlineAt),
    failure: failureMessage(state.failure),
    taskCounts: countTasks(state.counts, state.tasks.length),
    rowsLoaded: BigInt(rowsLoaded(record)),
    traceId: record.traceId,
    sequence: BigInt(record.eventSequence),
  });
}

export function runSnapshot(record: RunRecord): unknown {
  return Run.toJSON(runMessage(record));
}

/** A task run with its newest attempt. */
export function taskRunSnapshot(record: RunRecord, index: number): unknown {
  const task = record.state.tasks[index]!;
  const detail = record.details[index]!;
  const spec = record.plan.workflow.tasks[index]!;
  const graphTask = record.plan.graph.tasks[index]!;
  return TaskRun.toJSON(
    TaskRun.create({
      runId: record.runId,
      taskId: spec.id,
      type: spec.type,
      state: ProtoTaskState[upper(task.status)],
      upstreamTaskIds: graphTask.upstream.map((upstream) => record.plan.graph.tasks[upstream]!.id),
      attemptCount: task.attempts,
      readyTime: instant(task.readyAt),
      startTime: instant(task.startedAt),
      endTime: instant(task.endedAt),
      nextAttemptTime: instant(task.nextAttemptAt),
      rows: BigInt(detail.rows),
      bytes: BigInt(detail.bytes),
      peakMemoryBytes: BigInt(detail.peakMemoryBytes),
      failure: failureMessage(task.failure),
      attempts: newestAttempt(record, index),
      dataset: toDatasetMessage(detail.dataset),
    }),
  );
}

function newestAttempt(record: RunRecord, index: number): TaskRun['attempts'] {
  const task = record.state.tasks[index]!;
  const detail = record.details[index]!;
  if (task.epoch === 0) return [];
  const end = detail.lastEnd?.epoch === task.epoch ? detail.lastEnd.end : undefined;
  const status = end ?? (task.status === 'running' ? 'running' : 'ready');
  return [
    {
      attemptId: `${record.runId}/${record.plan.graph.tasks[index]!.id}/${task.epoch}`,
      number: Math.max(1, task.attempts),
      epoch: BigInt(task.epoch),
      state: AttemptState[upper(status)],
      executorId: detail.executorId ?? '',
      readyTime: instant(task.readyAt),
      claimTime: undefined,
      endTime: undefined,
      failure: undefined,
      rows: BigInt(detail.rows),
      bytes: BigInt(detail.bytes),
      peakMemoryBytes: BigInt(detail.peakMemoryBytes),
    },
  ];
}

function rowsLoaded(record: RunRecord): number {
  return record.plan.workflow.tasks.reduce(
    (sum, task, index) =>
      task.type === 'postgres_load' ? sum + (record.details[index]?.rows ?? 0) : sum,
    0,
  );
}

function countTasks(byStatus: StatusCounts, total: number): Run['taskCounts'] {
  const counts = TaskCounts.create({ total });
  for (const status of TASK_STATUSES) counts[countField(status)] = byStatus[status];
  return counts;
}

function countField(status: TaskStatus): Exclude<keyof TaskCounts, 'total'> {
  if (status === 'timed_out') return 'timedOut';
  return status === 'upstream_failed' ? 'upstreamFailed' : status;
}

function failureMessage(failure: Failure | undefined): Run['failure'] {
  if (failure === undefined) return undefined;
  return {
    code: failure.code,
    message: failure.message,
    taskId: failure.taskId ?? '',
    details: { ...failure.details },
    hint: failure.hint ?? '',
  };
}

function triggerKind(trigger: string): TriggerKind {
  return trigger === 'retry' ? TriggerKind.RETRY : TriggerKind.MANUAL;
}

function instant(at: number | undefined): Date | undefined {
  return at === undefined ? undefined : new Date(at);
}

function upper<Text extends string>(text: Text): Uppercase<Text> {
  return text.toUpperCase() as Uppercase<Text>;
}
