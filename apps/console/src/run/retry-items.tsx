import { useState } from 'react';
import type { Run, TaskRun } from '@floe/client';
import { floe } from '../api.ts';
import { Icon } from '../components/icon.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { navigate, runPath } from '../router.ts';
import { hasEnded } from '../state/state-mark.ts';

export type RetryItemsProps = {
  readonly run: Run;
  readonly task: TaskRun;
  /** Positions and ranges, or `failed`. */
  readonly items: string;
  readonly label: string;
};

/** Tries some items of an ended run again, as a new run that keeps the others, and goes there. */
export function RetryItems({ run, task, items, label }: RetryItemsProps) {
  const [error, setError] = useState<unknown>(undefined);
  const [isAsked, setIsAsked] = useState(false);
  if (!hasEnded(run.state)) return null;
  const retry = () => {
    setIsAsked(true);
    setError(undefined);
    floe.retryRun(run.runId, { fromTaskId: task.taskId, items }).then(
      (next) => navigate(runPath(next.runId)),
      (thrown: unknown) => {
        setError(thrown);
        setIsAsked(false);
      },
    );
  };
  return (
    <>
      <button type="button" className="button" disabled={isAsked} onClick={retry}>
        <Icon name="again" />
        {label}
      </button>
      {error !== undefined && <ProblemBanner title="It was not retried." error={error} />}
    </>
  );
}
