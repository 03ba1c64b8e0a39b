import type { AttemptEnd, Failure } from '@floe/engine';

/** A new attempt. */
export type AttemptRow = {
  readonly run_id: string;
  readonly task_index: number;
  readonly epoch: number;
  readonly number: number;
  readonly pool: string;
  readonly priority: number;
  readonly span_id: string;
  readonly ready_at: string;
};

/** The claim of an attempt. */
export type ClaimRow = {
  readonly run_id: string;
  readonly task_index: number;
  readonly epoch: number;
  readonly executor_id: string;
  readonly token_hash: string;
  readonly claimed_at: string;
};

/** The end of an attempt. */
export type AttemptEndRow = {
  readonly run_id: string;
  readonly task_index: number;
  readonly epoch: number;
  readonly state: AttemptEnd;
  readonly ended_at: string;
  readonly failure: Failure | null;
  readonly rows: number;
  readonly bytes: number;
  readonly peak_memory_bytes: number;
};

export type RunEventRow = {
  readonly run_id: string;
  readonly sequence: number;
  readonly type: string;
  readonly task_index: number | null;
  readonly occurred_at: string;
  readonly data: unknown;
};

export type OutboxKind = 'hint' | 'control' | 'event' | 'trace';

/** Something that must leave the database once the transaction is committed. */
export type OutboxRow = {
  readonly kind: OutboxKind;
  readonly run_id: string;
  readonly payload: unknown;
  readonly traceparent: string | null;
};

/** An outbox row as it is stored. */
export type StoredOutboxRow = OutboxRow & { readonly id: number };
