/**
 * What the deciding part of a scheduler needs of the world. A scheduler process supplies PostgreSQL, NATS, OTLP and
 * real time; the simulation supplies memory and a virtual clock.
 *
 * Whatever a port promises may fail at any call: with a FloeError, DATABASE_UNAVAILABLE or BUS_UNAVAILABLE when the
 * other side is away. A transaction that fails has changed nothing, except that the answer to a commit may be lost: then
 * everything or nothing was stored.
 */
import type { Batch } from './commit/batch.ts';
import type { NewRun, OutboxKind, StoredOutboxRow } from './commit/rows.ts';
import type { RecordedEvents } from './events/run-event.ts';
import type { Lane } from '@floe/engine';
import type { PlanOf } from './runs/run-plan.ts';
import type { Parent, RunRecord } from './runs/run-record.ts';

/** A ready attempt, as the queue of its pool knows it. */
export type ReadyAttempt = {
  readonly runId: string;
  readonly task: number;
  readonly epoch: number;
  readonly rankAt: number;
};

/** How many ready attempts of one kind an exchange could take. */
export type Demand = {
  readonly pool: string;
  readonly lane: Lane;
  /** What the executor offers besides, sorted: attempts that ask for more are not for it. */
  readonly labels: readonly string[];
  readonly limit: number;
};

/** How many have been ready for long in a pool and lane; those that ask for labels under each of these. */
export type Waiting = {
  readonly pool: string;
  readonly lane: Lane;
  readonly label?: string;
  readonly limit: number;
};

export type Supply = Demand & {
  /** Smallest rank first, at most `limit`. Their runs are locked. */
  readonly attempts: readonly ReadyAttempt[];
  /** True when more are ready than were given. */
  readonly hasMore: boolean;
};

export type Locked = {
  /** The clock of the store, read after the locks. */
  readonly now: number;
  /** Of every locked run, whether asked for by id or because of a ready attempt. Runs that do not exist are absent. */
  readonly revisions: ReadonlyMap<string, number>;
  /** One for each demand, in order. */
  readonly supplies: readonly Supply[];
};

/** One transaction, serial with every other one that locks the same run. */
export type RunTransaction = {
  /**
   * Stores new runs, except those whose request id is known, and exclusive ones whose workflow has an exclusive run already.
   * Gives the ids of those stored. `write` adds their tasks.
   */
  insertRuns(runs: readonly NewRun[]): Promise<ReadonlySet<string>>;
  /**
   * Waits for the locks of the runs that are named, in the order of their ids. Only then looks for ready attempts, and
   * takes those whose run it can lock without waiting; so no two transactions can wait for each other.
   */
  lock(runIds: readonly string[], demands: readonly Demand[]): Promise<Locked>;
  /** A run as it is stored; undefined when there is none. Only what is locked may be decided on. */
  loadRun(runId: string, planOf: PlanOf): Promise<RunRecord | undefined>;
  /** The running attempts that were claimed with a token. Locks nothing. */
  findHeld(tokenHash: string): Promise<readonly ReadyAttempt[]>;
  /**
   * Gives places of keys to runs that ask for one, in the order of asking, and lets the others wait. Serial with every
   * other transaction that deals with the same key.
   */
  takePlaces(wishes: readonly PlaceWish[]): Promise<ReadonlyMap<string, PlaceVerdict>>;
  /** Runs have ended, or do not wait any longer. */
  freePlaces(places: readonly { readonly runId: string; readonly key: string }[]): Promise<void>;
  /** How many running attempts hold a place of each key. Serial like `takePlaces`. */
  countPlaces(keys: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** What earlier runs have made of the same, if it is not too old; one for each wish, in order. Locks nothing. */
  findResults(wishes: readonly ResultWish[]): Promise<readonly (KnownResult | undefined)[]>;
  /** Moves the ready attempts of runs back in their queues by a minute: these runs cannot be decided at present. */
  postpone(runIds: readonly string[]): Promise<void>;
  /**
   * Stores all changes of a batch and adds one to the revision of each run in it. Gives the ids of `batch.outbox`. Nothing
   * comes after it: it may commit.
   */
  write(batch: Batch): Promise<readonly number[]>;
};

export type ResultWish = { readonly key: string; readonly ttlMs?: number | undefined };

/** What a task of an earlier run made. */
export type KnownResult = {
  readonly runId: string;
  readonly rows: number;
  readonly bytes: number;
  readonly dataset: unknown;
};

export type PlaceWish = { readonly runId: string; readonly key: string; readonly limit: number };

export type PlaceVerdict = {
  readonly isTaken: boolean;
  /** Others that have a place of the key or wait for one since earlier. */
  readonly before: readonly string[];
};

export type ExpiredLease = {
  readonly runId: string;
  readonly task: number;
  readonly epoch: number;
  readonly executorId: string;
};

export type UnclaimedVoid = Pick<ReadyAttempt, 'runId' | 'task' | 'epoch'>;

/** An executor says that it still works on an attempt, and how far it is. */
export type Renewal = {
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number;
  readonly tokenHash: string;
  readonly rows: number;
  readonly bytes: number;
};

export type LeaseVerdict = {
  readonly isHeld: boolean;
  /** The run is being cancelled: the attempt should stop. */
  readonly isCancelled: boolean;
  readonly leaseUntil?: number;
  /** The task whose engine waits for the word that its worker has begun. */
  readonly awaitsBegin?: number;
};

/** The control database, as far as runs are concerned. Times are compared with its own clock. */
export type RunStore = {
  /** Calls the work again when the transaction lost a race against another one. */
  transaction<Result>(work: (tx: RunTransaction) => Promise<Result>): Promise<Result>;

  /** Runs in which the engine has something to do by now: the most overdue first. */
  findDueRuns(limit: number): Promise<readonly string[]>;
  /** Attempts whose lease ended at least this long ago. */
  findExpiredLeases(graceMs: number, limit: number): Promise<readonly ExpiredLease[]>;
  /**
   * Extends leases by the clock of the store, one verdict each, in order. What names a stale epoch, another token or an
   * attempt that has ended is not held, and nothing is changed by it.
   */
  renewLeases(renewals: readonly Renewal[], leaseMs: number): Promise<readonly LeaseVerdict[]>;
  /** Pools and lanes in which an attempt has been ready for this long, with how many are ready, at most `limit` each. */
  findWaiting(readyForMs: number, limit: number): Promise<readonly Waiting[]>;

  /** Attempts to rule out a load that have been ready for this long. */
  findUnclaimedVoids(readyForMs: number, limit: number): Promise<readonly UnclaimedVoid[]>;

  /** Runs that wait for a place of a key, in the order of asking. */
  findWaitingForPlace(key: string, limit: number): Promise<readonly string[]>;

  /** Forgets results that are too old to be used, at most so many. */
  forgetResults(limit: number): Promise<void>;

  /** Rows of the outbox that are older than this, oldest first. Two schedulers may get the same. */
  adoptOutbox(wanted: OutboxWish): Promise<readonly StoredOutboxRow[]>;
  /** Their receivers have confirmed these rows, or nobody will. */
  deleteOutbox(ids: readonly number[]): Promise<void>;
  /** The events behind an outbox row that another process left; undefined when the run is gone. */
  readEvents(row: StoredOutboxRow, planOf: PlanOf): Promise<RecordedEvents | undefined>;
};

/** What a run makes other runs do, beyond an input to them. Called again with the same note when an answer is lost. */
export type Relays = {
  /** Starts the run that a task stands for, unless it is there. A run that cannot be started is told as its end. */
  startChild(parent: Parent): Promise<void>;
  /** Cancels that run, if it is there and has not ended. */
  cancelChild(parent: Parent, reason: string): Promise<void>;
};

/** The target databases, as far as somebody reaches them who is no executor. */
export type Targets = {
  /** Rules a load out, unless it has taken effect. May be asked twice. Rejects when the target does not answer in time. */
  ruleOut(record: RunRecord, task: number): Promise<Ruling>;
};

/** With the rows of the load, where it had taken effect. */
export type Ruling = { readonly isVoid: boolean; readonly rows: number; readonly bytes: number };

export type OutboxWish = {
  readonly kinds: readonly OutboxKind[];
  readonly olderThanMs: number;
  readonly limit: number;
};

/** How what is committed leaves. Whatever fails here is tried again from the outbox, or by the reconciler. */
export type Publisher = {
  /** Wakes executors: work is ready. May be lost, may come twice. Does not throw. */
  publishHints(hints: readonly Hint[]): void;
  /** Tells those who follow these runs that there is news to read. May be lost, may come twice. Does not throw. */
  publishChanges(runIds: readonly string[]): void;
  /** Tells an executor to look at an attempt that should stop. May be lost. */
  publishStop(stop: StopNote): void;
  /** Stores the events for subscribers, each under its own id. Gives for each batch whether all of it was confirmed. */
  publishEvents(batches: readonly RecordedEvents[]): Promise<readonly boolean[]>;
  /** Exports the spans of a run that has ended. Throws when the collector does not take them. */
  exportTrace(runId: string): Promise<void>;
};

/** "Work is ready in this pool and lane", said `count` times; with a label only to those who offer it. */
export type Hint = {
  readonly pool: string;
  readonly lane: Lane;
  readonly label?: string;
  readonly count: number;
};

export type StopNote = {
  readonly executorId: string;
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number;
};

/** Time that passes. */
export type Timers = {
  /** Calls back once, after this time. Gives what calls it off. */
  after(ms: number, callback: () => void): () => void;
};

/** What cannot be derived: the only randomness of a scheduler. */
export type Chance = {
  /** Uniform in [0, 1). */
  random(): number;
  /** A new span id: 16 hex digits, never all zero. */
  newSpanId(): string;
};

/** Where a scheduler says what happened: fields for programs, then words for people. */
export type Log = Readonly<
  Record<
    'info' | 'warn' | 'error',
    (fields: Readonly<Record<string, unknown>>, message: string) => void
  >
>;
