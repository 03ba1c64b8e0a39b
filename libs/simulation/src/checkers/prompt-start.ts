import { LANES } from '@floe/scheduling';
import { attemptKey } from '../postgres/tables.ts';
import type { MakeChecker } from './checker.ts';

// A wiped or silent JetStream costs an executor's own look, every few seconds, and its way.
const TAKEN_WITHIN_MS = 8_000;

/** Ready work does not lie about while executors have room for it. */
export const promptStart: MakeChecker = ({ tables, mendedForMs, runningWork }) => {
  /** Since when each attempt was seen ready beside idle executors, on the clock of the world. */
  let seen = new Map<string, number>();
  return {
    name: 'prompt-start',
    promise: 'P1: a lost hint costs seconds, never a run',
    onLook(fail) {
      const before = seen;
      seen = new Map();
      if (mendedForMs() < 0 || runningWork().length > 0) return;
      for (const lane of LANES) {
        for (const { runId, task, epoch } of tables.queue({ pool: 'default', lane })) {
          const key = attemptKey(runId, task, epoch);
          const since = before.get(key) ?? mendedForMs();
          seen.set(key, since);
          const waitedMs = mendedForMs() - since;
          if (waitedMs > TAKEN_WITHIN_MS)
            fail(`${key} has been ready for ${waitedMs} ms beside idle executors`);
        }
      }
    },
  };
};
