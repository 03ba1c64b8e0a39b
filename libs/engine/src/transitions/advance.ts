import { evaluateCondition } from '@floe/condition';
import type { Draft } from '../draft.ts';
import { beginTask } from './begin-task.ts';
import { triggerVerdict } from './trigger.ts';

/** S1, G1, G2: does with a task that waits what the ends of its upstream tasks call for. `because` ended last. */
export function advance(draft: Draft, index: number, because?: number): void {
  const task = draft.task(index);
  if (task.status !== 'pending' || draft.run.status === 'cancelling') return;
  const { trigger, upstream } = draft.graphTask(index);
  switch (triggerVerdict(trigger, task, upstream.length)) {
    case 'wait':
      return;
    case 'skip':
      return draft.endTask(index, 'skipped');
    case 'upstream_failed':
      return failBecause(draft, index, because);
    case 'go':
      if (conditionHolds(draft, index)) beginTask(draft, index);
      else draft.endTask(index, 'skipped'); // G2
  }
}

/** U1 */
function failBecause(draft: Draft, index: number, because: number | undefined): void {
  const taskId = because === undefined ? '' : draft.graphTask(because).id;
  const message = `task ${taskId} did not succeed`;
  draft.endTask(index, 'upstream_failed', { code: 'UPSTREAM_FAILED', message, taskId });
}

function conditionHolds(draft: Draft, index: number): boolean {
  const { when, upstream } = draft.graphTask(index);
  if (when === undefined) return true;
  return evaluateCondition(when, {
    parameters: draft.run.parameters ?? {},
    task(id) {
      const found = upstream.find((up) => draft.graphTask(up).id === id);
      if (found === undefined) return { state: '', rows: undefined };
      const { status, rows } = draft.task(found);
      return { state: status, rows };
    },
  });
}
