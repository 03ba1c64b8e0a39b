import type { RetryFrom } from '@floe/engine';
import type { Scenario } from '../scenario/scenario.ts';
import type { SimulatedTask } from '../actors/simulated-task.ts';
import type { AskedAgain } from '../actors/asked-again.ts';
import type { Client } from '../actors/client.ts';
import type { ScheduleCommit } from '../postgres/schedule-tables.ts';
import type { Commit, Tables } from '../postgres/tables.ts';
import type { Datasets } from '../target/datasets.ts';
import type { Snapshots } from '../target/snapshots.ts';
import type { Effect } from '../target/target-database.ts';
import type { Exchanged } from './exchanged.ts';

/** What a checker may look at. It changes nothing. */
export type Evidence = {
  readonly scenario: Scenario;
  readonly tables: Tables;
  readonly effects: readonly Effect[];
  readonly clients: readonly Client[];
  /** Numbers of the events that subscribers got, by run. */
  readonly published: ReadonlyMap<string, ReadonlySet<number>>;
  /** The clock of the control database. */
  readonly now: () => number;
  /** The clock of the world, which nothing sets. */
  readonly worldNow: () => number;
  /** How long everything has been whole, in milliseconds; negative while it is not. Where nothing ever breaks: for ever. */
  readonly wholeForMs: () => number;
  /** The same, but a clock of the database that was set back may still keep leases alive. */
  readonly mendedForMs: () => number;
  /** Which items each attempt really did, by `run/task/epoch`. */
  readonly itemsDone: ReadonlyMap<string, readonly number[]>;
  readonly asked: Pick<AskedAgain, 'isKnown' | 'freeSince'>;
  /** Attempts whose work says nothing any more, by `run/task/epoch`. */
  readonly stalled: ReadonlySet<string>;
  readonly snapshots: Pick<Snapshots, 'readBy' | 'isOpen'>;
  readonly datasets: Pick<Datasets, 'madeAt'>;
  /** Until when each exchange is waited for, by the hash of its token; absent for the first of an executor. */
  readonly waitsUntil: ReadonlyMap<string, number>;
  /** What was asked of runs that do others again, by the run that it became. */
  readonly retriesAsked: ReadonlyMap<string, RetryFrom>;
  /** The clock of the control database has been set. */
  readonly hasClockJumped: () => boolean;
  /** Work that runs now on executors that live. */
  readonly runningWork: () => readonly RunningAttempt[];
};

export type RunningAttempt = { readonly worker: string; readonly work: SimulatedTask };

export type Fail = (message: string) => void;

/** Holds one promise against what happens. */
export type Checker = {
  readonly name: string;
  readonly promise: string;
  /** After each commit on the control database; the tables have it already. */
  onCommit?(commit: Commit, fail: Fail): void;
  /** After each commit that changed slots or backfills. */
  onSchedules?(commit: ScheduleCommit, fail: Fail): void;
  /** When a scheduler answers an exchange. */
  onExchanged?(exchanged: Exchanged, fail: Fail): void;
  /** After rows of a load took effect. */
  onEffect?(effect: Effect, fail: Fail): void;
  /** Now and then. */
  onLook?(fail: Fail): void;
  /** When everything was whole for long enough. */
  atEnd?(fail: Fail): void;
};

export type MakeChecker = (evidence: Evidence) => Checker;
