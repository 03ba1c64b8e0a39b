import { useMemo } from 'react';
import type { TaskRun } from '@floe/client';
import { Icon } from '../components/icon.tsx';
import { Instant } from '../components/instant.tsx';
import { formatCount } from '../format/quantity.ts';
import { selectTask } from './select-task.ts';
import { waitsOf } from './waits.ts';
import type { Wait } from './waits.ts';

// More than that are a list, and the table of the tasks is one.
const SHOWN_MAX = 3;

/** Says on the page of a run why nothing goes on, before anybody has opened a task. */
export function RunWaits({ tasks }: { readonly tasks: readonly TaskRun[] }) {
  const waits = useMemo(() => waitsOf(tasks), [tasks]);
  return (
    <div role="status" className="waits">
      {waits.slice(0, SHOWN_MAX).map((wait) => (
        <div className="banner" key={wait.taskId}>
          <Icon
            name={wait.kind === 'answer' ? 'pause' : wait.kind === 'retry' ? 'again' : 'ring'}
          />
          <p>
            <WaitText wait={wait} />
          </p>
          <button type="button" className="button" onClick={() => selectTask(wait.taskId)}>
            {wait.kind === 'answer' ? 'Answer' : 'Show'}
          </button>
        </div>
      ))}
    </div>
  );
}

function WaitText({ wait: { taskId, othersCount, kind, reason, until } }: { readonly wait: Wait }) {
  if (kind === 'answer') {
    return (
      <>
        <strong>{taskId}</strong> waits for an answer.
      </>
    );
  }
  if (kind === 'retry') {
    return (
      <>
        <strong>{taskId}</strong> has failed and is tried again at <Instant at={until} />
        {othersCount > 0 && `, ${formatCount(othersCount)} more later`}.
      </>
    );
  }
  return (
    <>
      <strong>{taskId}</strong>
      {othersCount > 0 && ` and ${formatCount(othersCount)} more`} cannot start: {reason}.
    </>
  );
}
