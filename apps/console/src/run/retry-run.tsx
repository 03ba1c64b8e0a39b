import { useState } from 'react';
import type { Run, TaskRun } from '@floe/client';
import { floe } from '../api.ts';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icon.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { formatCount } from '../format/quantity.ts';
import { navigate, runPath } from '../router.ts';
import { tasksAgain } from './tasks-again.ts';

export type RetryRunProps = {
  readonly run: Run;
  readonly tasks: readonly TaskRun[];
  /** The task to go on from; empty for what did not go well. */
  readonly fromTaskId: string;
  readonly onChanged: () => void;
};

/** Shows what would run again and what is kept, before anything does. */
export function RetryRun(props: RetryRunProps) {
  const [isOpen, setOpen] = useState(false);
  const isWhole = props.fromTaskId === '';
  return (
    <>
      <button
        type="button"
        className={isWhole ? 'button primary' : 'button'}
        onClick={() => setOpen(true)}
      >
        <Icon name="again" />
        {isWhole ? 'Retry what failed' : 'Retry from here'}
      </button>
      {isOpen && <RetryDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function RetryDialog(props: RetryRunProps & { readonly onClose: () => void }) {
  const { run, tasks, fromTaskId, onChanged, onClose } = props;
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const { again, kept } = tasksAgain(tasks, fromTaskId);
  const retry = () => {
    setSending(true);
    floe.retryRun(run.runId, { fromTaskId }).then(
      (next) => {
        onClose();
        if (next.runId === run.runId) onChanged();
        else navigate(runPath(next.runId));
      },
      (thrown) => {
        setError(thrown);
        setSending(false);
      },
    );
  };
  const title = fromTaskId === '' ? 'Retry what failed?' : `Retry from ${fromTaskId}?`;
  return (
    <Dialog title={title} onClose={onClose}>
      <TaskNames title="Runs again" names={again} />
      <TaskNames title="Kept as it is" names={kept} />
      <p className="muted">
        It is a run of its own, of version {run.workflowVersion} with the same parameters.
      </p>
      {error !== undefined && <ProblemBanner title="It was not retried." error={error} />}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          Not now
        </button>
        <button
          type="button"
          className="button primary"
          disabled={isSending || again.length === 0}
          onClick={retry}
        >
          {isSending ? 'Asking …' : 'Retry'}
        </button>
      </div>
    </Dialog>
  );
}

// More names than that nobody reads; how many there are is said.
const NAMES_MAX = 12;

function TaskNames({
  title,
  names,
}: {
  readonly title: string;
  readonly names: readonly string[];
}) {
  if (names.length === 0) return null;
  const more = names.length - NAMES_MAX;
  return (
    <div>
      <h3>
        {title} <span className="muted">{formatCount(names.length)}</span>
      </h3>
      <p className="task-names">
        {names.slice(0, NAMES_MAX).join(', ')}
        {more > 0 && ` and ${formatCount(more)} more`}
      </p>
    </div>
  );
}
