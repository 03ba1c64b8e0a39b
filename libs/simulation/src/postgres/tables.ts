/**
 * The tables of the control database, as far as runs are concerned.
 */
import { isTaskEnded, type AttemptEnd } from '@floe/engine';
import type {
  Batch,
  ClaimRow,
  Demand,
  EventBatch,
  NewRun,
  ReadyAttempt,
  ResultRow,
  RunRecord,
  StoredOutboxRow,
} from '@floe/scheduling';
import {
  isOffered,
  labelsFit,
  labelsOfTask,
  laneOfTask,
  placeOfTask,
  rankAt,
} from '@floe/scheduling';

import { ScheduleTables } from './schedule-tables.ts';

const POSTPONED_MS = 60_000;

export type AttemptRow = Omit<ClaimRow, 'leaseUntil'> & {
  readonly state: 'running' | AttemptEnd;
  readonly leaseUntil: number | undefined;
};

export type OutboxEntry = { readonly row: StoredOutboxRow; readonly createdAt: number };

/** A run that has a place of a key, or waits for one. */
export type PlaceRow = {
  readonly runId: string;
  readonly key: string;
  readonly isTaken: boolean;
  /** In the order of asking. */
  readonly position: number;
};

/** Without labels: whatever an executor must offer. */
type Wanted = Pick<Demand, 'pool' | 'lane'> & Partial<Pick<Demand, 'labels'>>;

/** What a transaction has changed, told when it is committed. */
export type Commit = {
  /** The runs before it; new ones are absent. */
  readonly before: ReadonlyMap<string, RunRecord>;
  readonly created: readonly NewRun[];
  readonly batch: Batch;
  /** The process whose transaction it was. */
  readonly by: string;
  /** When it had its locks, by the clock of the world; undefined when it took none. */
  readonly lockedAt: number | undefined;
};

export class Tables {
  readonly runs = new Map<string, RunRecord>();
  /** Run ids by request id: unique. */
  readonly requests = new Map<string, string>();
  readonly attempts = new Map<string, AttemptRow>();
  /** An index: those of `attempts` that run. */
  readonly #running = new Map<string, AttemptRow>();
  readonly outbox = new Map<number, OutboxEntry>();
  readonly events = new Map<string, EventBatch[]>();
  readonly schedules = new ScheduleTables();
  /** What tasks have made, by key. */
  readonly results = new Map<string, ResultRow>();
  /** Places of keys, by run. */
  readonly places = new Map<string, PlaceRow>();
  /** By how much the ready attempts of a run have been moved back in their queues. */
  readonly #postponedMs = new Map<string, number>();
  #outboxId = 0;
  #position = 0;

  nextOutboxId(): number {
    this.#outboxId += 1;
    return this.#outboxId;
  }

  /** A sequence: also what is rolled back uses one up. */
  nextPosition(): number {
    this.#position += 1;
    return this.#position;
  }

  apply(changes: Omit<Commit, 'before'>, outbox: readonly OutboxEntry[]): Commit {
    const { created, batch } = changes;
    const before = new Map<string, RunRecord>();
    for (const { record, requestId } of created) {
      if (requestId !== undefined) this.requests.set(requestId, record.runId);
    }
    for (const { record } of batch.runs) {
      const stored = this.runs.get(record.runId);
      if (stored !== undefined) before.set(record.runId, stored);
      const revision = (stored?.revision ?? record.revision) + 1;
      this.runs.set(record.runId, { ...record, revision });
    }
    this.#applyAttempts(batch);
    for (const events of batch.events) this.#append(events);
    for (const result of batch.results) this.results.set(result.key, result);
    for (const entry of outbox) this.outbox.set(entry.row.id, entry);
    return { before, ...changes };
  }

  /** Ready attempts of a pool and lane, smallest rank first. */
  ready({ pool, lane, labels }: Wanted): ReadyAttempt[] {
    const found: ReadyAttempt[] = [];
    for (const record of this.runs.values()) {
      if (record.state.endedAt !== undefined) continue;
      for (const [task, state] of record.state.tasks.entries()) {
        if (!isOffered(record, task)) continue;
        const { pool: ownPool, priority } = record.plan.workflow.tasks[task]!;
        if (ownPool !== pool || laneOfTask(record, task) !== lane) continue;
        if (labels && !labelsFit(labelsOfTask(record, task), labels)) continue;
        const { runId } = record;
        const rank = rankAt(state.readyAt ?? 0, priority) + (this.#postponedMs.get(runId) ?? 0);
        found.push({ runId, task, epoch: state.epoch, rankAt: rank });
      }
    }
    return found.toSorted((left, right) => left.rankAt - right.rankAt);
  }

  /** Whether anything has been ready since then. */
  isAnyReadySince(until: number): boolean {
    for (const record of this.runs.values()) {
      const { endedAt, tasks } = record.state;
      if (endedAt !== undefined) continue;
      if (tasks.some(({ readyAt = 0 }, task) => readyAt <= until && isOffered(record, task)))
        return true;
    }
    return false;
  }

  /** Those that may be given out: what waits for a place of its key is left out while all are taken. */
  queue(of: Pick<Demand, 'pool' | 'lane'>): ReadyAttempt[] {
    return this.ready(of).filter(({ runId, task }) => !this.#isPassedOver(runId, task));
  }

  #isPassedOver(runId: string, task: number): boolean {
    const record = this.runs.get(runId)!;
    const place = placeOfTask(record, task);
    if (place?.onConflict !== 'queue') return false;
    return this.runningAttempts().filter((row) => row.placeKey === place.key).length >= place.limit;
  }

  postpone(runId: string): void {
    this.#postponedMs.set(runId, (this.#postponedMs.get(runId) ?? 0) + POSTPONED_MS);
  }

  runningAttempts(): AttemptRow[] {
    return [...this.#running.values()];
  }

  attempt(runId: string, task: number, epoch: number): AttemptRow | undefined {
    return this.attempts.get(attemptKey(runId, task, epoch));
  }

  setLease(row: AttemptRow, leaseUntil: number): void {
    this.#store({ ...row, leaseUntil });
  }

  #applyAttempts({ claims, ends }: Batch): void {
    for (const claim of claims) this.#store({ ...claim, state: 'running' });
    for (const { runId, task, epoch, state } of ends) {
      const row = this.attempt(runId, task, epoch);
      if (row !== undefined) this.#store({ ...row, state, leaseUntil: undefined });
    }
  }

  #store(row: AttemptRow): void {
    const key = attemptKey(row.runId, row.task, row.epoch);
    this.attempts.set(key, row);
    if (row.state === 'running') this.#running.set(key, row);
    else this.#running.delete(key);
  }

  #append(events: EventBatch): void {
    const list = this.events.get(events.runId);
    if (list === undefined) this.events.set(events.runId, [events]);
    else list.push(events);
  }
}

export function attemptKey(runId: string, task: number, epoch: number): string {
  return `${runId}/${task}/${epoch}`;
}

export function unendedTasks(record: RunRecord): number {
  return record.state.tasks.filter(({ status }) => !isTaskEnded(status)).length;
}
