import { FloeError } from '@floe/errors';
import { ApproveTaskResponse, type ApproveTaskRequest } from '@floe/rpc/contracts';
import { bindParameters, type ParameterSpec } from '@floe/workflow';
import type { RunRecord, StoredAnswer } from '@floe/scheduling';
import { APPROVAL_COMMENT_LENGTH_MAX, NAME_LENGTH_MAX } from '../limits.ts';
import { taskRunMessage } from '../runs/task-snapshot.ts';
import { loadRun } from '../store/load-run.ts';
import type { RpcContext } from './context.ts';
import { refusedRun, runNotFound } from './refused-run.ts';
import { requireRunId } from './run-id.ts';

/** Answers an approval. The first answer counts. */
export async function approveTask(
  context: RpcContext,
  request: ApproveTaskRequest,
): Promise<ApproveTaskResponse> {
  const runId = requireRunId(request.runId);
  const { taskId, approved } = request;
  const asked = await loadRun(context.database, runId, context.plans.get);
  if (asked === undefined) throw runNotFound(runId);
  const form = formOf(asked, taskId);
  const answer: Omit<StoredAnswer, 'at'> = {
    approved,
    by: cut(request.approver, NAME_LENGTH_MAX),
    comment: cut(request.comment, APPROVAL_COMMENT_LENGTH_MAX),
    // Whoever says no need not fill anything in.
    form: approved ? bindParameters({ params: form }, request.form ?? {}) : {},
  };
  const result = await context.committer.submit(runId, { type: 'answer', taskId, answer });
  if (result.kind === 'missing') throw runNotFound(runId);
  if (result.kind === 'refused') throw refused(result.record, taskId, result.refusal);
  const task = result.record.plan.taskIndexes.get(taskId)!;
  return ApproveTaskResponse.create({ taskRun: taskRunMessage(result.record, task) });
}

/** What the approval asks to be filled in, as the document says. */
function formOf({ plan, runId }: RunRecord, taskId: string): Record<string, ParameterSpec> {
  const task = plan.workflow.tasks.find(({ id }) => id === taskId);
  const details = { run_id: runId, task_id: taskId };
  if (task === undefined) {
    const message = `run ${runId} has no task ${JSON.stringify(taskId)}`;
    throw new FloeError('TASK_NOT_FOUND', message, { details });
  }
  if (task.type !== 'approval') {
    const message = `task ${taskId} is a ${task.type} task, which nobody approves`;
    throw new FloeError('TASK_STATE_CONFLICT', message, { details });
  }
  return (task.config['form'] ?? {}) as Record<string, ParameterSpec>;
}

function refused(record: RunRecord, taskId: string, refusal: string): FloeError {
  if (refusal === 'run_ended' || refusal === 'cancelling') {
    return refusedRun(record.runId, record.state);
  }
  const { status } = record.state.tasks[record.plan.taskIndexes.get(taskId)!]!;
  const message = `approval ${taskId} is ${status}; it does not wait for an answer`;
  const details = { run_id: record.runId, task_id: taskId, state: status };
  return new FloeError('TASK_STATE_CONFLICT', message, { details });
}

/** PostgreSQL stores no NUL in jsonb. */
function cut(text: string, lengthMax: number): string {
  return text.replaceAll('\u0000', '\uFFFD').slice(0, lengthMax);
}
