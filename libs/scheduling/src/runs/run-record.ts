import type { ParameterValue } from '@floe/expression';
import type { AttemptEnd, GraphTask, Lane, RunState, TaskState } from '@floe/engine';
import type { RunPlan } from './run-plan.ts';

/** What a task run has besides its state. */
export type TaskDetail = {
  readonly spanId: string;
  readonly rows: number;
  readonly bytes: number;
  readonly peakMemoryBytes: number;
  /** A dataset reference as its executor reported it. */
  readonly dataset?: unknown;
  /** Who holds, or last held, the newest attempt. Absent while it is ready: nobody does. */
  readonly executorId?: string | undefined;
  readonly tokenHash?: string | undefined;
  readonly attemptSpanId?: string | undefined;
  /** The newest attempt that ended: its outcome, said again, is accepted again. */
  readonly lastEnd?: LastEnd;
  /** Of a task that goes through items: who holds which of its attempts, by epoch. */
  readonly holders?: Readonly<Record<number, Holder>>;
  /** Of an approval: what a person answered. */
  readonly answer?: StoredAnswer;
  /** Its result is not its own: the run that made it. */
  readonly knownFrom?: string;
};

/** Who holds an attempt. */
export type Holder = {
  readonly executorId: string;
  readonly tokenHash: string;
  readonly attemptSpanId: string;
};

export type StoredAnswer = {
  readonly approved: boolean;
  readonly by: string;
  readonly comment: string;
  readonly at: number;
  /** What was filled in, by name. */
  readonly form: Readonly<Record<string, ParameterValue>>;
};

export type LastEnd = {
  readonly epoch: number;
  readonly end: AttemptEnd;
  readonly tokenHash: string;
};

/** A run as a scheduler keeps it in memory: the rows of one revision. */
export type RunRecord = {
  readonly runId: string;
  readonly workflowName: string;
  readonly workflowVersion: number;
  readonly generation: number;
  readonly trigger: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly linkTraceparent?: string;
  /** The run that this one does again, as far as that did not end well. */
  readonly retryOf?: string;
  /** The task that this run stands for. */
  readonly parent?: Parent;
  /** How many runs stand above it. */
  readonly depth: number;
  /** It does all of its work itself, whatever is known. */
  readonly ignoresKnown?: boolean;
  /** What its caller wants to find it by. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The runs that it belongs to. */
  readonly groupId?: string;
  /** No other run of its workflow may begin in this way until it has ended. */
  readonly isExclusive?: boolean;
  readonly revision: number;
  readonly eventSequence: number;
  readonly plan: RunPlan;
  readonly state: RunState;
  readonly details: readonly TaskDetail[];
  /** Rows that its loads wrote so far. */
  readonly rowsLoaded: number;
};

export type Parent = { readonly runId: string; readonly task: number; readonly epoch: number };

export function countRowsLoaded(plan: RunPlan, details: readonly TaskDetail[]): number {
  return plan.workflow.tasks.reduce(
    (sum, { type }, index) => (isLoad(type) ? sum + details[index]!.rows : sum),
    0,
  );
}

/** Only what loads wrote counts as loaded. */
export function isLoad(taskType: string): boolean {
  return taskType === 'postgres_load';
}

/** Where the next attempt of the task runs. To rule out a load needs no worker, nor does to lead partitions. */
export function laneOfTask({ plan, state }: RunRecord, task: number): Lane {
  return laneOf(plan.graph.tasks[task]!, state.tasks[task]!);
}

export function laneOf({ work, lane }: GraphTask, { voiding, items }: TaskState): Lane {
  const isLed = work.kind === 'items' && work.source.from === 'partitions' && work.source.isLed;
  const awaitsLead = isLed && items?.handout === undefined;
  return voiding !== undefined || awaitsLead ? 'light' : lane;
}

/** True when an executor may claim an attempt of the task: of a paused run nobody may. */
export function isOffered({ state }: RunRecord, task: number): boolean {
  const { status, items, voiding } = state.tasks[task]!;
  if (voiding !== undefined) return status === 'ready';
  if (state.status === 'paused') return false;
  return items === undefined ? status === 'ready' : items.offer !== undefined;
}
