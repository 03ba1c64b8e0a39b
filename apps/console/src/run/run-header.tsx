import type { Run, RunReport, TaskRun } from '@floe/client';
import { CopyButton } from '../components/copy-button.tsx';
import { Fact } from '../components/fact.tsx';
import { FailureNote } from '../components/failure-note.tsx';
import { JaegerLink } from '../components/jaeger-link.tsx';
import { Elapsed, Instant, Nothing } from '../components/instant.tsx';
import { Link } from '../components/link.tsx';
import { ParameterList } from '../components/parameter-list.tsx';
import { RunOrigin } from '../components/run-origin.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { formatBytes, formatCount } from '../format/quantity.ts';
import { workflowPath } from '../router.ts';
import { countDone } from '../state/count-done.ts';
import { hasEnded } from '../state/state-mark.ts';
import { SteerRun } from './steer-run.tsx';
import { RunTimeLeft } from './time-left.tsx';

export type RunHeaderProps = {
  readonly run: Run;
  readonly tasks: readonly TaskRun[];
  /** The numbers of an ended run. */
  readonly report: RunReport | undefined;
  readonly onSelectTask: (taskId: string) => void;
  readonly onChanged: () => void;
};

/** What run this is, how it stands, and its numbers. */
export function RunHeader({ run, tasks, report, onSelectTask, onChanged }: RunHeaderProps) {
  return (
    <header className="run-head">
      <div className="run-title">
        <div>
          <p className="crumbs">
            <Link to="/runs">Runs</Link>
            <span aria-hidden="true"> / </span>
            <code>{run.runId}</code>
            <CopyButton text={run.runId} label="Copy the run id" />
          </p>
          <h1>
            <Link to={workflowPath(run.workflowName)}>{run.workflowName}</Link>
            <span className="muted">@{run.workflowVersion}</span>
            <StateBadge state={run.state} />
          </h1>
        </div>
        <SteerRun run={run} tasks={tasks} onChanged={onChanged} />
      </div>
      <RunFacts run={run} tasks={tasks} report={report} />
      <ParameterList label="Parameters" values={run.parameters} />
      <ParameterList label="Annotations" values={run.annotations} />
      <RunFailure run={run} onSelectTask={onSelectTask} />
    </header>
  );
}

function RunFacts({ run, tasks, report }: Pick<RunHeaderProps, 'run' | 'tasks' | 'report'>) {
  const counts = run.taskCounts;
  return (
    <dl className="facts">
      <Fact name="Duration">
        <Elapsed start={run.createTime} end={run.endTime} />
        {!hasEnded(run.state) && <RunTimeLeft run={run} tasks={tasks} />}
      </Fact>
      <Fact name="Started">
        <Instant at={run.startTime ?? run.createTime} />
      </Fact>
      {counts !== undefined && (
        <Fact name="Tasks">
          {formatCount(countDone(counts))} / {formatCount(counts.total)}
        </Fact>
      )}
      {report !== undefined && <Fact name="Rows in">{formatCount(report.rowsExtracted)}</Fact>}
      <Fact name="Rows loaded">{formatCount(run.rowsLoaded)}</Fact>
      {report !== undefined && (
        <>
          <Fact name="Data">{formatBytes(report.bytes)}</Fact>
          <Fact name="Peak memory">
            {report.peakMemoryBytes === '0' ? <Nothing /> : formatBytes(report.peakMemoryBytes)}
          </Fact>
          <Fact name="Attempts">
            {report.attemptCount}
            {report.lostAttemptCount > 0 && (
              <span className="muted"> ({report.lostAttemptCount} lost)</span>
            )}
          </Fact>
        </>
      )}
      <Fact name="Trigger">
        <RunOrigin run={run} />
      </Fact>
      <TraceFact run={run} />
    </dl>
  );
}

function TraceFact({ run }: { readonly run: Run }) {
  const { traceId } = run;
  if (traceId === '') return null;
  return (
    <Fact name="Trace">
      <code title={traceId}>{traceId.slice(0, 8)}</code>
      <CopyButton text={traceId} label="Copy the trace id" />
      <JaegerLink run={run} />
    </Fact>
  );
}

function RunFailure({
  run: { state, failure },
  onSelectTask,
}: Pick<RunHeaderProps, 'run' | 'onSelectTask'>) {
  if (failure === undefined) return null;
  const { taskId } = failure;
  return (
    <FailureNote state={state} code={failure.code} message={failure.message} hint={failure.hint}>
      {taskId !== '' && (
        <button type="button" className="text-button" onClick={() => onSelectTask(taskId)}>
          in {taskId}
        </button>
      )}
    </FailureNote>
  );
}
