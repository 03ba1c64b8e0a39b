import type { Draft } from '../draft.ts';
import type { Refusal } from '../input.ts';
import { advance } from './advance.ts';

/** S1: tasks that wait for nothing begin. What is kept from an earlier run counts as ended. */
export function startRun(draft: Draft): Refusal | undefined {
  for (let index = 0; index < draft.taskCount; index += 1) advance(draft, index);
  return undefined;
}
