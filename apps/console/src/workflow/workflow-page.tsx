import { Suspense, lazy, useEffect } from 'react';
import type { WorkflowMetadata, WorkflowReport, WorkflowTask, WorkflowVersion } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { Icon } from '../components/icon.tsx';
import { Link } from '../components/link.tsx';
import { Tabs, useTab } from '../components/tabs.tsx';
import { setQueryField, useQueryField } from '../router.ts';
import { useAnswer } from '../use-answer.ts';
import { RecentRuns } from './recent-runs.tsx';
import { StartRun } from './start-run.tsx';
import { StoredFacts } from './stored-facts.tsx';
import { TaskSchemas } from './task-schemas.tsx';
import { Versions } from './versions.tsx';
import { WorkflowRuns } from './workflow-runs.tsx';
import { WorkflowSchedules } from './workflow-schedules.tsx';

const TaskGraph = lazy(async () => ({
  default: (await import('../graph/task-graph.tsx')).TaskGraph,
}));

const TABS = {
  field: 'tab',
  tabs: [
    ['graph', 'Graph'],
    ['schemas', 'Schemas'],
    ['versions', 'Versions'],
    ['source', 'Source'],
    ['schedules', 'Schedules'],
  ],
} as const;

// Runs that change come by themselves; this finds new versions.
const REFRESH_MS = 30_000;

/** One workflow: what it is, what its versions were, how its runs went. */
export function WorkflowPage({ name }: { readonly name: string }) {
  const wanted = Number(useQueryField('version')) || 0;
  const answer = useAnswer({
    key: `workflow ${name} ${wanted}`,
    call: () => load(name, wanted),
    pauseMs: REFRESH_MS,
    follows: 'runs',
  });
  useEffect(() => {
    document.title = `${name} · Floe`;
  }, [name]);
  return (
    <div className="page">
      <p className="crumbs">
        <Link to="/workflows">Workflows</Link>
        <span aria-hidden="true"> / </span>
        {name}
      </p>
      <Answered answer={answer} what="the workflow">
        {(facts) => <WorkflowBody {...facts} />}
      </Answered>
    </div>
  );
}

type Facts = {
  readonly version: WorkflowVersion;
  readonly latestVersion: number;
  readonly description: string;
  readonly report: WorkflowReport;
  readonly metadata: readonly WorkflowMetadata[];
};

async function load(name: string, wanted: number): Promise<Facts> {
  const [{ workflow, version, metadata }, report] = await Promise.all([
    floe.getWorkflow(name, { version: wanted }),
    floe.getWorkflowReport(name),
  ]);
  if (version === undefined || workflow === undefined) throw new Error(`${name} has no version.`);
  const { latestVersion, description } = workflow;
  return { version, latestVersion, description, report, metadata };
}

function WorkflowBody({ version, latestVersion, description, report, metadata }: Facts) {
  const tab = useTab(TABS);
  const isStarting = useQueryField('start') !== '';
  const name = version.workflowName;
  return (
    <>
      <header className="page-head">
        <div>
          <h1>
            {name}
            <span className="muted">@{version.version}</span>
            {version.version !== latestVersion && (
              <button
                type="button"
                className="text-button"
                onClick={() => setQueryField('version', '')}
              >
                newest is @{latestVersion}
              </button>
            )}
          </h1>
          <p className="muted" dir="auto">
            {description}
          </p>
        </div>
        <div className="page-tools">
          <Link to={`/runs?workflow=${encodeURIComponent(name)}`} className="button">
            Runs
          </Link>
          <Link to={`/edit/${encodeURIComponent(name)}`} className="button">
            Edit
          </Link>
          <button
            type="button"
            className="button primary"
            onClick={() => setQueryField('start', '1')}
          >
            <Icon name="play" />
            Start
          </button>
        </div>
      </header>
      <WorkflowRuns report={report} />
      <StoredFacts facts={metadata} />
      <Tabs label="What to show" {...TABS} />
      {tab === 'graph' && (
        <>
          <WorkflowGraph tasks={version.tasks} />
          <RecentRuns workflowName={name} />
        </>
      )}
      {tab === 'schemas' && <TaskSchemas tasks={version.tasks} />}
      {tab === 'versions' && <Versions name={name} current={version} />}
      {tab === 'source' && (
        <pre className="card source" tabIndex={0} aria-label="Source of the document">
          {version.source}
        </pre>
      )}
      {tab === 'schedules' && <WorkflowSchedules name={name} />}
      {isStarting && <StartRun version={version} onClose={() => setQueryField('start', '')} />}
    </>
  );
}

const showSchema = (taskId: string) => {
  if (taskId === '') return;
  setQueryField('tab', 'schemas');
  requestAnimationFrame(() =>
    document.getElementById(`schema-${taskId}`)?.scrollIntoView({ block: 'start' }),
  );
};

function WorkflowGraph({ tasks }: { readonly tasks: readonly WorkflowTask[] }) {
  return (
    <section className="card graph" aria-label="Graph of the tasks">
      <Suspense fallback={<p className="muted graph-wait">Drawing the graph …</p>}>
        <TaskGraph tasks={tasks} criticalTaskIds={[]} selectedTaskId="" onSelect={showSchema} />
      </Suspense>
    </section>
  );
}
