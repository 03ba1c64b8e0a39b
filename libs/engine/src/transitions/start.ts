import type { Draft } from '../draft.ts';
import type { Refusal } from '../input.ts';
import { endRunIfDone } from './end-run.ts';
import { makeReady } from './ready.ts';

/** S1: tasks that wait for nothing become ready. A run without tasks has succeeded. */
export function startRun(draft: Draft): Refusal | undefined {
  if (draft.run.status !== 'queued') return 'not_ready';
  for (let index = 0; index < draft.taskCount; index += 1) {
    const task = draft.task(index);
    if (task.status === 'pending' && task.waitingFor === 0) makeReady(draft, index);
  }
  endRunIfDone(draft);
  return undefined;
}
