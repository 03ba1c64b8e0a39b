import { isRunEnded } from '@floe/engine';
import type { RunRecord } from '@floe/scheduling';
import { documentsOf } from '../scenario/documents.ts';
import type { Fail, MakeChecker } from './checker.ts';

// A run that ended tells at once that its place is free; when that is lost the outbox has it.
const BEGINS_WITHIN_MS = 8_000;

/** Never more at once than share a key, runs and attempts counted apart; a place that is free is taken. */
export const keyedLimit: MakeChecker = ({ scenario, tables, wholeForMs }) => {
  const documents = documentsOf(scenario);
  /** Since when each run was seen to wait although there was a place. */
  let seen = new Map<string, number>();
  const concurrencyOf = ({ workflowName }: RunRecord) =>
    documents.workflow(workflowName).concurrency;

  function checkAttempts(fail: Fail): void {
    const running = new Map<string, number>();
    for (const { runId, task } of tables.runningAttempts()) {
      const { workflowName } = tables.runs.get(runId)!;
      const { concurrency } = documents.task(workflowName, task);
      if (concurrency === undefined) continue;
      const { key, limit } = concurrency;
      const count = (running.get(key) ?? 0) + 1;
      running.set(key, count);
      if (count > limit) fail(`${count} attempts run with the key ${key}, not ${limit}`);
    }
  }

  function runsAt(key: string): RunRecord[] {
    return [...tables.runs.values()].filter((record) => {
      const isSame = concurrencyOf(record)?.key === key;
      return isSame && hasBegun(record) && !isRunEnded(record.state.status);
    });
  }

  return {
    name: 'keyed-limit',
    promise: 'never more at once than share a key, and a place that is free is taken',
    onCommit({ batch }, fail) {
      if (hasKeyedClaim(batch.claims)) checkAttempts(fail);
      for (const { record } of batch.runs) {
        const place = concurrencyOf(record);
        if (place === undefined || !hasBegun(record)) continue;
        const count = runsAt(place.key).length;
        if (count > place.limit)
          fail(`${count} runs go on with the key ${place.key}, not ${place.limit}`);
      }
    },
    onLook(fail) {
      const before = seen;
      seen = new Map();
      if (wholeForMs() < 0) return;
      for (const record of tables.runs.values()) {
        const place = concurrencyOf(record);
        if (place === undefined || hasBegun(record) || record.state.status !== 'queued') continue;
        if (runsAt(place.key).length >= place.limit) continue;
        const since = before.get(record.runId) ?? wholeForMs();
        seen.set(record.runId, since);
        const waitedMs = wholeForMs() - since;
        if (waitedMs > BEGINS_WITHIN_MS)
          fail(`${record.runId} has waited for ${waitedMs} ms although a place was free`);
      }
    },
  };

  function hasKeyedClaim(claims: readonly { readonly runId: string; readonly task: number }[]) {
    return claims.some(({ runId, task }) => {
      const { workflowName } = tables.runs.get(runId)!;
      return documents.task(workflowName, task).concurrency !== undefined;
    });
  }
};

/** Something of it was let go ahead. What it has from the run that it does again was there before. */
function hasBegun({ state, retryOf }: RunRecord): boolean {
  return state.tasks.some(({ status, isReused = false }) => {
    const isKept = retryOf !== undefined && isReused;
    return status !== 'pending' && !isKept;
  });
}
