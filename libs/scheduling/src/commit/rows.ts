import type { AttemptEnd, Failure } from '@floe/engine';
import type { RecordedEvents } from '../events/run-event.ts';
import type { RunRecord } from '../runs/run-record.ts';

/** A run that is being accepted, with what identifies the request. */
export type NewRun = {
  readonly record: RunRecord;
  readonly requestId?: string;
  readonly requestDigest?: string;
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
};

/** The end of a claimed attempt. */
export type AttemptEndRow = {
  readonly runId: string;
  readonly task: number;
  readonly epoch: number;
  readonly state: AttemptEnd;
  readonly endedAt: number;
  readonly failure?: Failure;
  readonly rows: number;
  readonly bytes: number;
  readonly peakMemoryBytes: number;
};

/**
 * `event`: the events from one number to another, for subscribers. `stop`: an executor should look at an attempt.
 * `trace`: the spans of a run that has ended.
 */
export type OutboxKind = 'event' | 'stop' | 'trace';

/** Something that must leave the database once the transaction is committed. */
export type OutboxRow = {
  readonly kind: OutboxKind;
  readonly runId: string;
  /** Plain JSON: of events their numbers `{first, last}`, of a stop its note. */
  readonly payload: unknown;
  /** The events themselves, while the process that committed them still has them. Not stored with the row. */
  readonly events?: RecordedEvents;
};

/** An outbox row as it is stored. */
export type StoredOutboxRow = OutboxRow & { readonly id: number };
