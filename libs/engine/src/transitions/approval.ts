import type { Draft } from '../draft.ts';
import type { ApprovalAnswer, Refusal } from '../input.ts';

/** A2: a person's answer ends the task: well, or as failed with what the person wrote. */
export function answerApproval(
  draft: Draft,
  input: { readonly task: number; readonly answer: ApprovalAnswer },
): Refusal | undefined {
  if (draft.run.status === 'cancelling') return 'cancelling';
  const { approved, by, comment } = input.answer;
  if (approved) draft.endTask(input.task, 'succeeded');
  else {
    const { id: taskId } = draft.graphTask(input.task);
    const why = comment === '' ? '' : `: ${comment}`;
    const message = `${by || 'somebody'} rejected ${taskId}${why}`;
    draft.endTask(input.task, 'failed', { code: 'APPROVAL_REJECTED', message, taskId });
  }
  return undefined;
}

/** A3: nobody answered in time. */
export function endUnanswered(draft: Draft, index: number): void {
  const { id: taskId, work } = draft.graphTask(index);
  if (work.kind !== 'approval') return;
  if (work.onTimeout === 'approve') return draft.endTask(index, 'succeeded');
  if (work.onTimeout === 'skip') return draft.endTask(index, 'skipped');
  const message = `nobody answered ${taskId} within its timeout`;
  draft.endTask(index, 'timed_out', { code: 'APPROVAL_TIMEOUT', message, taskId });
}
