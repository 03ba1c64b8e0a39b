import { assertNever } from '@floe/errors';
import type { Trigger } from '../graph.ts';
import type { TaskState } from '../state.ts';

export type TriggerVerdict = 'wait' | 'go' | 'skip' | 'upstream_failed';

/**
 * G1: what the ends of the upstream tasks mean for a task. As in Airflow: skipped is neither a success nor a failure,
 * it is passed on by `all_succeeded`, and a verdict is given as soon as nothing that is still open can change it.
 */
export function triggerVerdict(
  trigger: Trigger,
  task: Pick<TaskState, 'waitingFor' | 'failedUpstream' | 'skippedUpstream'>,
  upstreamCount: number,
): TriggerVerdict {
  const { waitingFor, failedUpstream: failed, skippedUpstream: skipped } = task;
  const succeeded = upstreamCount - waitingFor - failed - skipped;
  const isOpen = waitingFor > 0;
  switch (trigger) {
    case 'all_succeeded':
      if (failed > 0) return 'upstream_failed';
      if (isOpen) return 'wait';
      return skipped > 0 ? 'skip' : 'go';
    case 'all_done':
      return isOpen ? 'wait' : 'go';
    case 'none_failed':
      if (failed > 0) return 'upstream_failed';
      return isOpen ? 'wait' : 'go';
    case 'one_failed':
      if (failed > 0) return 'go';
      return isOpen ? 'wait' : 'skip';
    case 'one_succeeded':
      if (succeeded > 0) return 'go';
      if (isOpen) return 'wait';
      return failed > 0 ? 'upstream_failed' : 'skip';
    default:
      return assertNever(trigger);
  }
}
