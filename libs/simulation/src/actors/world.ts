import type { RetryFrom } from '@floe/engine';
import type { Workflow } from '@floe/workflow';
import type { Exchanged } from '../checkers/exchanged.ts';
import type { FaultGate } from '../faults/fault-gate.ts';
import type { HintStream } from '../nats/hint-stream.ts';
import type { ControlServer } from '../postgres/control-server.ts';
import type { Datasets } from '../target/datasets.ts';
import type { Snapshots } from '../target/snapshots.ts';
import type { TargetDatabase } from '../target/target-database.ts';
import type { Dice } from '../world/dice.ts';
import type { Network } from '../world/network.ts';
import type { Story } from '../world/story.ts';
import type { VirtualTime } from '../world/virtual-time.ts';
import type { AskedAgain } from './asked-again.ts';
import type { Seams } from './seams.ts';

/** What all actors share. */
export type World = {
  readonly time: VirtualTime;
  readonly story: Story;
  readonly faults: FaultGate;
  readonly network: Network;
  readonly database: ControlServer;
  readonly hints: HintStream;
  readonly target: TargetDatabase;
  /** The share of attempts whose work takes longer than a lease. */
  readonly longShare: number;
  /** How the work of each attempt really ended, by `run/task/epoch`. */
  readonly workEnds: Map<string, string>;
  /** Which items each attempt really did, by `run/task/epoch`. */
  readonly itemsDone: Map<string, readonly number[]>;
  readonly asked: AskedAgain;
  /** Attempts that go on and say nothing, by `run/task/epoch`. */
  readonly stalled: Set<string>;
  /** What partitions read. */
  readonly snapshots: Snapshots;
  /** What tasks have made, where their results are known to others. */
  readonly datasets: Datasets;
  /** Workflows that tasks can start, by name. */
  readonly library: ReadonlyMap<string, Workflow>;
  /** Whether there are schedules to follow. */
  readonly hasSchedules: boolean;
  /** Until when each request for leases is waited for, by its token, by the clock of the world. */
  readonly waitsUntil: Map<string, number>;
  /** What was asked of runs that do others again, by the run that it became. */
  readonly retriesAsked: Map<string, RetryFrom>;
  /** When everything is mended. */
  readonly healAt: number;
  /** Told of each answer to an exchange. */
  readonly onExchanged: (exchanged: Exchanged) => void;
  /** Where bugs are planted; production code as it is when nothing is. */
  readonly seams: Seams;
  readonly diceOf: (purpose: string) => Dice;
};
