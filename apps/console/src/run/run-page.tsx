import { useEffect } from 'react';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { Link } from '../components/link.tsx';
import { useShortcuts } from '../shortcuts.ts';
import { hasEnded, markOf } from '../state/state-mark.ts';
import { RunBody } from './run-body.tsx';
import { RunHeader } from './run-header.tsx';
import type { RunModel } from './run-model.ts';
import type { RunView } from './run-view.ts';
import { RunWaits } from './run-waits.tsx';
import { selectTask } from './select-task.ts';
import { useRun } from './use-run.ts';

/** One run, live. */
export function RunPage({ runId }: { readonly runId: string }) {
  const view = useRun(runId);
  const { model } = view;
  useTitle(model);
  useShortcuts({ Escape: () => selectTask('') });
  if (model === undefined) return <NoModel view={view} onRetry={view.reload} />;
  return (
    <div className="page">
      <ConnectionBanner view={view} onRetry={view.reload} />
      <RunHeader
        run={model.run}
        tasks={model.tasks}
        report={view.report}
        onSelectTask={selectTask}
        onChanged={view.reload}
      />
      {!hasEnded(model.run.state) && <RunWaits tasks={model.tasks} />}
      <RunBody model={model} view={view} onChanged={view.reload} />
    </div>
  );
}

type Retryable = { readonly view: RunView; readonly onRetry: () => void };

function NoModel({ view, onRetry }: Retryable) {
  if (view.error === undefined) return <p className="page muted loading">Reading the run …</p>;
  return (
    <div className="page">
      <ProblemBanner title="The run cannot be shown." error={view.error} onRetry={onRetry} />
      <Link to="/runs">Go to the runs</Link>
    </div>
  );
}

function ConnectionBanner({ view, onRetry }: Retryable) {
  if (view.connection === 'reconnecting') {
    return <ProblemBanner title="Reconnecting; what you see may be old." error={view.error} />;
  }
  if (view.connection !== 'broken') return null;
  return (
    <ProblemBanner
      title="Not connected; what you see is old."
      error={view.error}
      onRetry={onRetry}
    />
  );
}

function useTitle(model: RunModel | undefined): void {
  const title =
    model === undefined
      ? 'Run · Floe'
      : `${markOf(model.run.state).word} · ${model.run.workflowName} · Floe`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
