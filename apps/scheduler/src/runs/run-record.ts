import type { ParameterValue } from '@floe/expression';
import type { AttemptEnd, RunGraph, RunState } from '@floe/engine';
import type { Workflow } from '@floe/workflow';

/** What never changes about a version, worked out once for all of its runs. */
export type RunPlan = {
  readonly workflow: Workflow;
  readonly graph: RunGraph;
  readonly taskIndexes: ReadonlyMap<string, number>;
};

/** What a task run has besides its state. */
export type TaskDetail = {
  readonly spanId: string;
  readonly rows: number;
  readonly bytes: number;
  readonly peakMemoryBytes: number;
  /** A dataset reference as its executor reported it. */
  readonly dataset?: unknown;
  /** The executor that holds, or last held, the newest attempt, and the hash of its token. */
  readonly executorId?: string;
  readonly tokenHash?: string;
  readonly attemptSpanId?: string;
  /** The newest attempt that ended: its outcome, said again, is accepted again. */
  readonly lastEnd?: {
    readonly epoch: number;
    readonly end: AttemptEnd;
    readonly tokenHash?: string;
  };
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
  readonly revision: number;
  readonly eventSequence: number;
  readonly plan: RunPlan;
  readonly state: RunState;
  readonly details: readonly TaskDetail[];
};
