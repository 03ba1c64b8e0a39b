import type { Draft } from '../draft.ts';
import type { Refusal } from '../input.ts';
import type { Named } from './attempt.ts';
import { giveUpTask } from './stop-task.ts';

/** Y1: a result that is known already ends a ready task at once; nobody works on it. */
export function reuseResult(
  draft: Draft,
  input: Named & { readonly rows?: number },
): Refusal | undefined {
  draft.endAttempt(input, 'cancelled');
  const { rows } = input;
  draft.setTask(input.task, { isReused: true, ...(rows !== undefined && { rows }) });
  draft.endTask(input.task, 'succeeded');
  return undefined;
}

/** Y2: a ready task that finds its place taken, and does not want to wait, is not needed. */
export function skipReady(
  draft: Draft,
  input: Named & { readonly reason: string },
): Refusal | undefined {
  const { id: taskId } = draft.graphTask(input.task);
  const failure = { code: 'CONCURRENCY_CONFLICT', message: input.reason, taskId };
  giveUpTask(draft, input.task, { end: 'skipped', failure });
  return undefined;
}
