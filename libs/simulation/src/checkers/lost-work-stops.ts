import { attemptKey } from '../postgres/tables.ts';
import type { MakeChecker } from './checker.ts';

// A renewal and its answer, with one that is lost, and the kill.
const STOPS_WITHIN_MS = 4_000;

/** An executor that reaches its scheduler does not work on for an attempt that is not its own any more. */
export const lostWorkStops: MakeChecker = ({ tables, mendedForMs, runningWork }) => {
  /** Since when each work was seen to go on without a lease. */
  let seen = new Map<string, number>();
  return {
    name: 'lost-work-stops',
    promise: 'P2: an executor that lost its lease stops its work',
    onLook(fail) {
      const before = seen;
      seen = new Map();
      if (mendedForMs() < 0) return;
      for (const { worker, work } of runningWork()) {
        const task = tables.runs.get(work.runId)?.plan.taskIndexes.get(work.taskId) ?? -1;
        if (tables.attempt(work.runId, task, work.epoch)?.state === 'running') continue;
        const since = before.get(worker) ?? mendedForMs();
        seen.set(worker, since);
        const overMs = mendedForMs() - since;
        if (overMs > STOPS_WITHIN_MS)
          fail(
            `${worker} works on ${attemptKey(work.runId, task, work.epoch)}, which ended ${overMs} ms ago`,
          );
      }
    },
  };
};
