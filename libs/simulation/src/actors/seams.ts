import type { RetryFrom } from '@floe/engine';
import type { Clock, HintSource, Scheduler, Worker } from '@floe/execution';
import type {
  ExchangeRequest,
  Publisher,
  Relays,
  RunStore,
  ScheduleStore,
  SubmittedInput,
  Targets,
} from '@floe/scheduling';
import type { Workflow } from '@floe/workflow';
import type { Tables } from '../postgres/tables.ts';
import type { SimulatedTask } from './simulated-task.ts';

/**
 * Where a test can plant a bug: each port of the production code may be wrapped, and each check of a modelled part left
 * out. The code under test itself is never another.
 */
export type Seams = {
  readonly store?: (store: RunStore, who: SeamContext) => RunStore;
  readonly scheduleStore?: (store: ScheduleStore, who: SeamContext) => ScheduleStore;
  /** False: the run of a slot is stored whatever became of the slot. */
  readonly checksSlots?: boolean;
  readonly publisher?: (publisher: Publisher, who: SeamContext) => Publisher;
  /** What a scheduler is asked, between the call and the committer. */
  readonly exchange?: (request: ExchangeRequest, tables: Tables) => ExchangeRequest;
  /** What a client asks of a run, between the call and the committer. */
  readonly input?: (input: SubmittedInput) => SubmittedInput;
  /** What is to be done again of a run, between the call and the committer. */
  readonly retry?: (retry: RetryFrom) => RetryFrom;
  /** What a scheduler reads in a document. */
  readonly workflow?: (workflow: Workflow) => Workflow;
  readonly relays?: (relays: Relays, who: SeamContext) => Relays;
  readonly targets?: (targets: Targets, who: SeamContext) => Targets;
  /** The scheduler as an executor sees it. */
  readonly scheduler?: (
    scheduler: Scheduler<SimulatedTask>,
    who: SeamContext,
  ) => Scheduler<SimulatedTask>;
  readonly hints?: (hints: HintSource, who: SeamContext) => HintSource;
  /** The clock of an executor. */
  readonly clock?: (clock: Clock, who: SeamContext) => Clock;
  readonly worker?: (worker: Worker<SimulatedTask>, who: SeamContext) => Worker<SimulatedTask>;
  readonly load?: {
    readonly checksEpoch?: boolean;
    readonly checksDone?: boolean;
    readonly marksVoid?: boolean;
  };
  /** False: the control database locks no rows. */
  readonly locksRows?: boolean;
};

export type SeamContext = { readonly name: string };
