import { Suspense, lazy, useEffect } from 'react';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { Link } from '../components/link.tsx';
import { setQueryField, useAddress } from '../router.ts';
import { useShortcuts } from '../shortcuts.ts';
import { markOf } from '../state/state-mark.ts';
import { parseLevel } from './log-buffer.ts';
import { LogTail } from './log-tail.tsx';
import { RunHeader } from './run-header.tsx';
import type { RunModel } from './run-model.ts';
import type { RunView } from './run-view.ts';
import { TaskPanel } from './task-panel.tsx';
import { TaskTable } from './task-table.tsx';
import { useRun } from './use-run.ts';

// The graph and its layout are the larger part of the code; the rest of the page does not wait for them.
const TaskGraph = lazy(async () => {
  const { TaskGraph: component } = await import('../graph/task-graph.tsx');
  return { default: component };
});

const selectTask = (taskId: string) => setQueryField('task', taskId);

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
      <RunHeader run={model.run} report={view.report} onSelectTask={selectTask} />
      <RunBody model={model} view={view} />
    </div>
  );
}

function RunBody({ model, view }: { readonly model: RunModel; readonly view: RunView }) {
  const search = useAddress().searchParams;
  const selectedTaskId = search.get('task') ?? '';
  const selected = model.tasks.find(({ taskId }) => taskId === selectedTaskId);
  const showLogs = (taskId: string) => {
    setQueryField('log', taskId);
    document.getElementById('logs-title')?.scrollIntoView({ block: 'start' });
  };
  return (
    <div className="run-body" data-panel={selected !== undefined}>
      <div className="run-main">
        <section className="card graph" aria-label="Graph of the tasks">
          <Suspense fallback={<p className="muted graph-wait">Drawing the graph …</p>}>
            <TaskGraph
              tasks={model.tasks}
              criticalTaskIds={view.report?.criticalPathTaskIds ?? []}
              selectedTaskId={selectedTaskId}
              onSelect={selectTask}
            />
          </Suspense>
        </section>
        <TaskTable tasks={model.tasks} selectedTaskId={selectedTaskId} onSelect={selectTask} />
        <LogTail
          runId={model.run.runId}
          tasks={model.tasks}
          taskId={search.get('log') ?? ''}
          level={parseLevel(search.get('level'))}
        />
      </div>
      {selected !== undefined && (
        <TaskPanel task={selected} onClose={() => selectTask('')} onShowLogs={showLogs} />
      )}
    </div>
  );
}

type Retryable = { readonly view: RunView; readonly onRetry: () => void };

function NoModel({ view, onRetry }: Retryable) {
  if (view.error === undefined) return <p className="page muted loading">Reading the run …</p>;
  return (
    <div className="page">
      <ProblemBanner title="The run cannot be shown." error={view.error} onRetry={onRetry} />
      <Link to="/">Go to the runs</Link>
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
