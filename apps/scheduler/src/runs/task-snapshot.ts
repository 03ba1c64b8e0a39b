import { parametersAsJson } from '@floe/expression';
import { TaskRun, TaskState as ProtoTaskState } from '@floe/rpc/contracts';
import type { RunRecord } from '@floe/scheduling';
import { toDatasetMessage } from './dataset-message.ts';
import { failureMessage, instant } from './snapshot.ts';

/** A task run as the API shows it, built from the record alone; without its attempts. */
export function taskRunMessage(record: RunRecord, index: number): TaskRun {
  const { id, type } = record.plan.workflow.tasks[index]!;
  const { upstream } = record.plan.graph.tasks[index]!;
  const state = record.state.tasks[index]!;
  const detail = record.details[index]!;
  return TaskRun.create({
    runId: record.runId,
    taskId: id,
    type,
    state: ProtoTaskState[state.status.toUpperCase() as Uppercase<typeof state.status>],
    upstreamTaskIds: upstream.map((task) => record.plan.graph.tasks[task]!.id),
    attemptCount: state.attempts,
    readyTime: instant(state.readyAt),
    startTime: instant(state.startedAt),
    endTime: instant(state.endedAt),
    nextAttemptTime: instant(state.nextAttemptAt),
    rows: BigInt(detail.rows),
    rowsUncounted: state.hasUncountedRows === true,
    bytes: BigInt(detail.bytes),
    peakMemoryBytes: BigInt(detail.peakMemoryBytes),
    failure: failureMessage(state.failure),
    dataset: toDatasetMessage(detail.dataset),
    items: state.items,
    answer: answerMessage(detail.answer),
    recomputeCount: (state.generation ?? 1) - 1,
    cachedFromRunId: detail.knownFrom ?? '',
  });
}

function answerMessage(answer: RunRecord['details'][number]['answer']): TaskRun['answer'] {
  if (answer === undefined) return undefined;
  const { approved, by: approver, comment, at, form } = answer;
  return { approved, approver, comment, answerTime: instant(at), form: parametersAsJson(form) };
}
