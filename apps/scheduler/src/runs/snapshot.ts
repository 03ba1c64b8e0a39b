import { Run, RunState as ProtoRunState, TaskCounts, TriggerKind } from '@floe/rpc/contracts';
import { parametersAsJson } from '@floe/expression';
import { TASK_STATUSES, type Failure, type StatusCounts, type TaskStatus } from '@floe/engine';
import type { RunRecord } from '@floe/scheduling';

/** A run as the API shows it, built from the record alone. */
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
    rowsLoaded: BigInt(record.rowsLoaded),
    traceId: record.traceId,
    sequence: BigInt(record.eventSequence),
    retryOfRunId: record.retryOf ?? '',
    parentRunId: record.parent?.runId ?? '',
    annotations: { ...record.annotations },
    groupId: record.groupId ?? '',
  });
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

export function failureMessage(failure: Failure | undefined): Run['failure'] {
  if (failure === undefined) return undefined;
  return {
    code: failure.code,
    message: failure.message,
    taskId: failure.taskId ?? '',
    details: { ...failure.details },
    hint: failure.hint ?? '',
  };
}

/** What started a run is a lower-case word in SQL and an enumeration in the API. */
function triggerKind(trigger: string): TriggerKind {
  const kinds: Readonly<Record<string, TriggerKind>> = TriggerKind;
  return kinds[trigger.toUpperCase()] ?? TriggerKind.UNSPECIFIED;
}

export function instant(at: number | undefined): Date | undefined {
  return at === undefined ? undefined : new Date(at);
}

function upper<Text extends string>(text: Text): Uppercase<Text> {
  return text.toUpperCase() as Uppercase<Text>;
}
