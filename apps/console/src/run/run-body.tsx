import { Suspense, lazy } from 'react';
import { Tabs, useTab } from '../components/tabs.tsx';
import { parseAttempt, parseLevel } from '../logs/log-buffer.ts';
import { LogTail } from '../logs/log-tail.tsx';
import { setQueryFields, useAddress } from '../router.ts';
import { Timeline } from '../timeline/timeline.tsx';
import type { RunModel } from './run-model.ts';
import { RunSummary } from './run-summary.tsx';
import { selectTask } from './select-task.ts';
import type { RunView } from './run-view.ts';
import { TaskPanel } from './task-panel.tsx';
import { TaskTable } from './task-table.tsx';

// The graph and its layout are the larger part of the code; the rest of the page does not wait for them.
const TaskGraph = lazy(async () => {
  const { TaskGraph: component } = await import('../graph/task-graph.tsx');
  return { default: component };
});

const TraceView = lazy(async () => ({
  default: (await import('../trace/trace-view.tsx')).TraceView,
}));

const VIEWS = {
  field: 'view',
  tabs: [
    ['graph', 'Graph'],
    ['timeline', 'Timeline'],
    ['trace', 'Trace'],
    ['logs', 'Logs only'],
    ['summary', 'Summary'],
  ],
} as const;

const logOf = ({ run, tasks }: RunModel) => ({ runId: run.runId, tasks });

/** Which lines of the log are shown, as the address says. */
function logQuery(search: URLSearchParams) {
  return {
    taskId: search.get('log') ?? '',
    attempt: parseAttempt(search.get('attempt')),
    level: parseLevel(search.get('level')),
    text: search.get('find') ?? '',
    line: search.get('line') ?? '',
  };
}

export type RunBodyProps = {
  readonly model: RunModel;
  readonly view: RunView;
  readonly onChanged: () => void;
};

/** The tasks of a run as graph or along the time, the table of them, the log; beside them the chosen task. */
export function RunBody({ model, view, onChanged }: RunBodyProps) {
  const search = useAddress().searchParams;
  const shown = useTab(VIEWS);
  const selectedTaskId = search.get('task') ?? '';
  const selected = model.tasks.find(({ taskId }) => taskId === selectedTaskId);
  const criticalTaskIds = view.report?.criticalPathTaskIds ?? [];
  const choice = { criticalTaskIds, selectedTaskId, onSelect: selectTask };
  const showLogs = (taskId: string) => {
    setQueryFields({ log: taskId, view: shown === 'summary' ? '' : (search.get('view') ?? '') });
    document.getElementById('logs-title')?.scrollIntoView({ block: 'start' });
  };
  return (
    <>
      <Tabs label="What to show" {...VIEWS} />
      <div className="run-body" data-panel={selected !== undefined}>
        <div className="run-main">
          {shown === 'graph' && (
            <section className="card graph" aria-label="Graph of the tasks">
              <Suspense fallback={<p className="muted graph-wait">Drawing the graph …</p>}>
                <TaskGraph tasks={model.tasks} {...choice} />
              </Suspense>
            </section>
          )}
          {shown === 'timeline' && <Timeline model={model} {...choice} />}
          {shown === 'trace' && (
            <Suspense fallback={<p className="muted loading">Opening the trace …</p>}>
              <TraceView model={model} {...choice} />
            </Suspense>
          )}
          {shown === 'summary' && (
            <RunSummary run={model.run} metrics={view.report?.metrics ?? []} />
          )}
          {(shown === 'graph' || shown === 'timeline') && (
            <TaskTable tasks={model.tasks} {...choice} />
          )}
          {shown !== 'summary' && <LogTail {...logQuery(search)} {...logOf(model)} />}
        </div>
        {selected !== undefined && (
          <TaskPanel
            key={selected.taskId}
            run={model.run}
            task={selected}
            tasks={model.tasks}
            onClose={() => selectTask('')}
            onShowLogs={showLogs}
            onChanged={onChanged}
          />
        )}
      </div>
    </>
  );
}
