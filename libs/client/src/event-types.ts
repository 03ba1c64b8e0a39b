import type { JsonObject } from './json.ts';
import type { Run, TaskRun } from './run-types.ts';

/** A change of a run or of one of its tasks, with both as they are then. */
export type RunEvent = {
  /** Like `run.started`, `task.succeeded`. */
  readonly type: string;
  readonly time?: string;
  /** The run after the change. */
  readonly run?: Run;
  /** The task run after the change, on task events. */
  readonly taskRun?: TaskRun;
};

/** How far a task is that runs. */
export type TaskProgress = {
  readonly taskId: string;
  readonly rows: string;
  readonly bytes: string;
  /** Of a task with `foreach` or `partitions`. */
  readonly items?: { readonly total: number; readonly succeeded: number; readonly failed: number };
};

/** What a task logged. */
export type LogLine = {
  readonly time?: string;
  /** debug, info, warn or error. */
  readonly level: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly message: string;
  readonly fields?: JsonObject;
};
