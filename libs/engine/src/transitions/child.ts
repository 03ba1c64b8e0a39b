import type { Draft } from '../draft.ts';
import type { ChildEnd, Refusal } from '../input.ts';
import { failOrRetry } from './retry.ts';
import { endStopped } from './stop-task.ts';
import type { Named } from './attempt.ts';

/** K2: the task ends as its child did; a child that did not succeed is tried again as a new run, within the policy. */
export function endChild(
  draft: Draft,
  input: Named & { readonly child: ChildEnd },
): Refusal | undefined {
  const { task: index, child } = input;
  if (child.status === 'succeeded') draft.endTask(index, 'succeeded');
  else if (draft.run.status === 'cancelling') endStopped(draft, index);
  else {
    const { id: taskId } = draft.graphTask(index);
    const message = `the run that ${taskId} started has ended as ${child.status}`;
    const failure = child.failure ?? { code: 'CHILD_FAILED', message, taskId };
    const end = child.status === 'timed_out' ? 'timed_out' : 'failed';
    failOrRetry(draft, index, { failure, mayRetry: child.status !== 'cancelled', end });
  }
  return undefined;
}
