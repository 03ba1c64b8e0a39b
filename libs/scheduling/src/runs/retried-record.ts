import { retriedRunState, type RetryFrom } from '@floe/engine';
import type { RunRecord, TaskDetail } from './run-record.ts';

/** What a run does again, and which tasks it does not: their results are kept. */
export type RetriedRecord = { readonly record: RunRecord; readonly kept: ReadonlySet<number> };

type Fresh = {
  /** A run of the same version that was not accepted yet. */
  readonly fresh: RunRecord;
  readonly ended: RunRecord;
  readonly retry: RetryFrom;
};

/** Y3, Y4: a run that does an ended one again. What was said of that one holds for it, and it has the results that are kept. */
export function retriedRecord({ fresh, ended, retry }: Fresh): RetriedRecord {
  const { plan } = ended;
  const again = retriedRunState(plan.graph, ended.state, { now: 0, timeoutMs: 1, ...retry });
  const kept = new Set(again.kept);
  const details = ended.details.map((detail, index): TaskDetail => {
    const { spanId } = fresh.details[index]!;
    if (kept.has(index)) return keptDetail(detail, spanId);
    // The rows of the items that are kept.
    const hasRows = again.state.tasks[index]!.rows !== undefined;
    const { rows, bytes } = hasRows ? detail : fresh.details[index]!;
    return { ...fresh.details[index]!, rows, bytes };
  });
  const generation = ended.generation + 1;
  const record = { ...fresh, generation, retryOf: ended.runId, ...saidBefore(ended), details };
  return { record, kept };
}

function saidBefore(ended: RunRecord): Partial<RunRecord> {
  const { annotations, groupId, isExclusive, ignoresKnown } = ended;
  return {
    ...(ignoresKnown === true && { ignoresKnown }),
    ...(annotations !== undefined && { annotations }),
    ...(groupId !== undefined && { groupId }),
    ...(isExclusive === true && { isExclusive }),
  };
}

/** Its results, in a span of its own. */
function keptDetail(detail: TaskDetail, spanId: string): TaskDetail {
  const { rows, bytes, peakMemoryBytes, dataset, answer, knownFrom } = detail;
  return {
    spanId,
    rows,
    bytes,
    peakMemoryBytes,
    ...(dataset !== undefined && { dataset }),
    ...(answer !== undefined && { answer }),
    ...(knownFrom !== undefined && { knownFrom }),
  };
}
