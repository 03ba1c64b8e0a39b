import type { AttemptEnd, Failure, RetryFrom, RunState } from '@floe/engine';
import type { RecordedEvents } from '../events/run-event.ts';
import type { RunRecord } from '../runs/run-record.ts';

/** A run that is being accepted, with what identifies the request. */
export type NewRun = {
  readonly record: RunRecord;
  readonly requestId?: string;
  readonly requestDigest?: string;
  /** It does this run again, as far as that did not end well, and what is named besides. */
  readonly retry?: RetryFrom & { readonly ended: RunState };
};

/** An attempt comes into being when it is claimed: until then its task is ready, and nobody works on it. */
export type ClaimRow = {
  readonly runId: string;
  readonly task: number;
  readonly epoch: number;
  readonly number: number;
  readonly executorId: string;
  readonly tokenHash: string;
  readonly spanId: string;
  readonly readyAt: number;
  readonly claimedAt: number;
  readonly leaseUntil: number;
  /** Of a task that goes through items: which, as ranges. */
  readonly items?: string;
  /** The place that the attempt holds. */
  readonly placeKey?: string;
};

/** The end of a claimed attempt. */
export type AttemptEndRow = {
  readonly runId: string;
  readonly task: number;
  readonly epoch: number;
  readonly state: AttemptEnd;
  readonly endedAt: number;
  /** As its executor says, but within the time in which it had the attempt. */
  readonly beganAt?: number;
  readonly failure?: Failure;
  readonly rows: number;
  readonly bytes: number;
  readonly peakMemoryBytes: number;
};

/** What a task made, for later runs that would make the same. */
export type ResultRow = {
  readonly key: string;
  readonly runId: string;
  /** When its work began: what it read from outside is at least as old. */
  readonly madeAt: number;
  /** When nobody will use it any more. */
  readonly expiresAt: number;
  readonly rows: number;
  readonly bytes: number;
  readonly dataset: unknown;
};

/**
 * `event`: the events from one number to another, for subscribers. `stop`: an executor should look at an attempt.
 * `trace`: the spans of a run that has ended. `relay`: what one run makes another do.
 */
export type OutboxKind = 'event' | 'stop' | 'trace' | 'relay';

/** Something that must leave the database once the transaction is committed. */
export type OutboxRow = {
  readonly kind: OutboxKind;
  readonly runId: string;
  /** Plain JSON: of events their numbers `{first, last}`, of a stop or a relay its note. */
  readonly payload: unknown;
  /** The events themselves, while the process that committed them still has them. Not stored with the row. */
  readonly events?: RecordedEvents;
};

/** An outbox row as it is stored. */
export type StoredOutboxRow = OutboxRow & { readonly id: number };
