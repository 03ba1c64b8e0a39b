import type { JsonObject } from './json.ts';
import type { Run, TaskRun } from './run-types.ts';

export type RunEvent = {
  /** Like `run.started`, `task.succeeded`. */
  readonly type: string;
  readonly time?: string;
  /** The run after the change. */
  readonly run?: Run;
  /** The task run after the change, on task events. */
  readonly taskRun?: TaskRun;
};

export type TaskProgress = {
  readonly taskId: string;
  readonly rows: string;
  readonly bytes: string;
};

export type LogLine = {
  readonly time?: string;
  /** debug, info, warn or error. */
  readonly level: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly message: string;
  readonly fields?: JsonObject;
};
