import { useState } from 'react';
import type { Run, TaskRun } from '@floe/client';
import { Icon } from '../components/icon.tsx';
import { JaegerLink } from '../components/jaeger-link.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { isOpenApproval } from '../overview/attention.ts';
import { hasEnded } from '../state/state-mark.ts';
import { Approve } from './approve.tsx';
import { retryRun } from './steer-run.tsx';

export type TaskActionsProps = {
  readonly run: Run;
  readonly task: TaskRun;
  readonly onShowLogs: (taskId: string) => void;
  readonly onChanged: () => void;
};

/** What a person can do with a task. */
export function TaskActions({ run, task, onShowLogs, onChanged }: TaskActionsProps) {
  const [error, setError] = useState<unknown>(undefined);
  const retry = () =>
    void retryRun(run, task.taskId).then((isSame) => {
      if (isSame) onChanged();
    }, setError);
  return (
    <>
      {isOpenApproval(task) && <Approve run={run} task={task} />}
      <div className="page-tools">
        <button type="button" className="button" onClick={() => onShowLogs(task.taskId)}>
          Logs of this task
        </button>
        <JaegerLink run={run} find={task.taskId} />
        {hasEnded(run.state) && (
          <button type="button" className="button" onClick={retry}>
            <Icon name="again" />
            Retry from here
          </button>
        )}
      </div>
      {error !== undefined && <ProblemBanner title="It was not retried." error={error} />}
    </>
  );
}
