import type { Draft } from '../draft.ts';
import type { Cancel } from '../state.ts';
import type { Failure } from '../failure.ts';
import { isTaskFailed, unendedCount } from '../status.ts';
import { advance } from './advance.ts';
import { cancelledStatus } from './stop-task.ts';
import { LOAD_UNCERTAIN, UNCERTAIN_HINT } from './void-load.ts';

/** Lets what follows from the ends of tasks happen: first downstream, all the way, then the end of the run itself. */
export function settle(draft: Draft): void {
  for (let ended = draft.takeEnded(); ended !== undefined; ended = draft.takeEnded()) {
    const { status } = draft.task(ended);
    for (const next of draft.graphTask(ended).downstream) {
      draft.countUpstream(next, status);
      advance(draft, next, ended);
    }
  }
  endRunIfDone(draft);
}

/** E2: a run ends when each of its tasks has ended. */
function endRunIfDone(draft: Draft): void {
  if (unendedCount(draft.counts) > 0 || isOver(draft)) return;
  const endedAt = draft.world.now;
  const { cancel } = draft.run;
  const good = draft.counts.succeeded + draft.counts.skipped;
  if (good === draft.taskCount) {
    draft.setRun({ status: 'succeeded', endedAt });
  } else if (cancel !== undefined) {
    draft.setRun({
      status: cancelledStatus(draft),
      endedAt,
      failure: cancelFailure(draft, cancel),
    });
  } else {
    draft.setRun({ status: 'failed', endedAt, failure: firstFailure(draft) });
  }
}

function isOver(draft: Draft): boolean {
  return draft.run.endedAt !== undefined;
}

function firstFailure(draft: Draft): Failure | undefined {
  for (let index = 0; index < draft.taskCount; index += 1) {
    const { status, failure } = draft.task(index);
    if (status !== 'upstream_failed' && isTaskFailed(status) && failure !== undefined)
      return failure;
  }
  return undefined;
}

function cancelFailure(draft: Draft, cancel: Cancel): Failure {
  const code = cancel.cause === 'timeout' ? 'RUN_TIMEOUT' : 'RUN_CANCELLED';
  const open = draft.graph.tasks.flatMap(({ id }, index) =>
    draft.task(index).failure?.code === LOAD_UNCERTAIN ? [id] : [],
  );
  if (open.length === 0) return { code, message: cancel.reason };
  const message = `${cancel.reason}; it is not known whether ${open.join(', ')} took effect`; // V5
  return { code, message, hint: UNCERTAIN_HINT };
}
