import type { TaskState } from '@floe/engine';
import type { RunFacts, TaskFacts } from '../events/run-event.ts';
import type { Holder, RunRecord, TaskDetail } from '../runs/run-record.ts';

/** What events tell of a run. */
export function runFacts({ state, rowsLoaded }: RunRecord): RunFacts {
  const { status, startedAt, endedAt, failure, counts } = state;
  return { status, startedAt, endedAt, failure, counts, rowsLoaded };
}

/** `running` is told as `run.started`: what subscribers wait for is the moment, not the state. */
export function runEventType(status: RunFacts['status']): string {
  return status === 'running' ? 'run.started' : `run.${status}`;
}

/** What is known of a holder. */
export function withoutAbsent(holder: { [Name in keyof Holder]: Holder[Name] | undefined }) {
  const present = Object.entries(holder).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Partial<Holder>;
}

/** Handing an attempt back ends it as lost, as far as its row says. */
export function endOf(outcome: string): string {
  return outcome === 'handed_back' ? 'lost' : outcome;
}

/** A task as an event shows it. */
export function taskFacts(task: TaskState, detail: TaskDetail, status = task.status): TaskFacts {
  const { rows, bytes, peakMemoryBytes, dataset, executorId, lastEnd, knownFrom } = detail;
  const { epoch, attempts, readyAt, startedAt, endedAt, nextAttemptAt, failure } = task;
  const { hasUncountedRows, generation } = task;
  return {
    status,
    epoch,
    attempts,
    readyAt,
    startedAt,
    endedAt,
    nextAttemptAt,
    failure,
    rows: rows || undefined,
    hasUncountedRows,
    bytes: bytes || undefined,
    peakMemoryBytes: peakMemoryBytes || undefined,
    dataset,
    executorId,
    end: lastEnd?.epoch === epoch ? lastEnd.end : undefined,
    generation,
    knownFrom,
  };
}
