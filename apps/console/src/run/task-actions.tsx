import type { Run, TaskRun } from '@floe/client';
import { JaegerLink } from '../components/jaeger-link.tsx';
import { isOpenApproval } from '../overview/attention.ts';
import { hasEnded } from '../state/state-mark.ts';
import { Approve } from './approve.tsx';
import { RetryRun } from './retry-run.tsx';

export type TaskActionsProps = {
  readonly run: Run;
  readonly task: TaskRun;
  readonly tasks: readonly TaskRun[];
  readonly onShowLogs: (taskId: string) => void;
  readonly onChanged: () => void;
};

/** What a person can do with a task. */
export function TaskActions({ run, task, tasks, onShowLogs, onChanged }: TaskActionsProps) {
  return (
    <>
      {isOpenApproval(task) && <Approve run={run} task={task} />}
      <div className="page-tools">
        <button type="button" className="button" onClick={() => onShowLogs(task.taskId)}>
          Logs of this task
        </button>
        <JaegerLink run={run} find={task.taskId} />
        {hasEnded(run.state) && (
          <RetryRun run={run} tasks={tasks} fromTaskId={task.taskId} onChanged={onChanged} />
        )}
      </div>
    </>
  );
}
