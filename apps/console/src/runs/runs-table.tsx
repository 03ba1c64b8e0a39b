import type { Run } from '@floe/client';
import { Elapsed, Instant, Nothing } from '../components/instant.tsx';
import { Link } from '../components/link.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { formatCount } from '../format/quantity.ts';
import { markOf } from '../state/state-mark.ts';
import { TaskProgressBar } from './task-progress-bar.tsx';

/** Runs, newest first. */
export function RunsTable({ runs }: { readonly runs: readonly Run[] }) {
  return (
    <div className="table-frame">
      <table className="runs" data-rows>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Workflow</th>
            <th scope="col">Started</th>
            <th scope="col" className="number">
              Duration
            </th>
            <th scope="col">Tasks</th>
            <th scope="col" className="number">
              Rows loaded
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <RunRow key={run.runId} run={run} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RunRow({ run }: { readonly run: Run }) {
  const address = `/runs/${encodeURIComponent(run.runId)}`;
  return (
    <tr>
      <td>
        <StateBadge state={run.state} />
      </td>
      <td className="run-name">
        <Link to={address} className="row-link" title={run.runId} data-row>
          {run.workflowName}
        </Link>
        <span className="muted"> @{run.workflowVersion}</span>
        <FailureReason run={run} />
      </td>
      <td>
        <Instant at={run.startTime ?? run.createTime} />
      </td>
      <td className="number">
        <Elapsed start={run.createTime} end={run.endTime} />
      </td>
      <td>
        {run.taskCounts === undefined ? <Nothing /> : <TaskProgressBar counts={run.taskCounts} />}
      </td>
      <td className="number">{formatCount(run.rowsLoaded)}</td>
    </tr>
  );
}

function FailureReason({ run: { state, failure } }: { readonly run: Run }) {
  if (failure === undefined) return null;
  return (
    <p className="reason" data-tone={markOf(state).tone} title={failure.message}>
      {failure.taskId !== '' && <strong>{failure.taskId}: </strong>}
      {failure.message}
    </p>
  );
}
