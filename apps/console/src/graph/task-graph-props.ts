import type { GraphTask } from './graph-task.ts';

export type TaskGraphProps = {
  readonly tasks: readonly GraphTask[];
  /** The tasks that decided how long the run took; empty while that is open. */
  readonly criticalTaskIds: readonly string[];
  readonly selectedTaskId: string;
  /** Called with an empty text when nothing is selected any more. */
  readonly onSelect: (taskId: string) => void;
};
