import type { Run } from '@floe/client';
import { Elapsed, Instant, Nothing } from '../components/instant.tsx';
import { Link } from '../components/link.tsx';
import { parameterText } from '../components/parameter-list.tsx';
import { RunOrigin } from '../components/run-origin.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { formatCount } from '../format/quantity.ts';
import { runPath } from '../router.ts';
import { markOf } from '../state/state-mark.ts';
import { TaskProgressBar } from './task-progress-bar.tsx';
import type { Selection } from './use-selection.ts';

export type RunsTableProps = {
  readonly runs: readonly Run[];
  /** Without it nothing can be marked. */
  readonly selection?: Selection;
};

/** Runs, newest first; each can be marked for deeds on many. */
export function RunsTable({ runs, selection }: RunsTableProps) {
  const isAll = runs.every((run) => selection?.has(run));
  return (
    <div className="table-frame">
      <table className="runs" data-rows>
        <thead>
          <tr>
            {selection !== undefined && (
              <th scope="col" className="mark">
                <input
                  type="checkbox"
                  aria-label="Mark all that are listed"
                  checked={isAll}
                  onChange={() => selection.set(isAll ? [] : runs)}
                />
              </th>
            )}
            <th scope="col" className="col-state">
              State
            </th>
            <th scope="col">Workflow</th>
            <th scope="col" className="col-origin">
              Trigger
            </th>
            <th scope="col" className="col-start">
              Started
            </th>
            <th scope="col" className="col-duration number">
              Duration
            </th>
            <th scope="col" className="col-tasks">
              Tasks
            </th>
            <th scope="col" className="col-rows number">
              Rows loaded
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <RunRow key={run.runId} run={run} selection={selection} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type RunRowProps = { readonly run: Run; readonly selection: Selection | undefined };

function RunRow({ run, selection }: RunRowProps) {
  const isMarked = selection?.has(run) ?? false;
  return (
    <tr data-selected={isMarked}>
      {selection !== undefined && (
        <td className="mark">
          <input
            type="checkbox"
            aria-label={`Mark the run ${run.runId.slice(-8)} of ${run.workflowName}`}
            checked={isMarked}
            onChange={() => selection.toggle(run)}
          />
        </td>
      )}
      <td>
        <StateBadge state={run.state} />
      </td>
      <td className="run-name">
        <Link to={runPath(run.runId)} className="row-link" title={run.runId} data-row>
          {run.workflowName}
        </Link>
        <span className="muted"> @{run.workflowVersion}</span>
        <RunParameters run={run} />
        <FailureReason run={run} />
      </td>
      <td className="col-origin">
        <RunOrigin run={run} />
      </td>
      <td className="col-start">
        <Instant at={run.startTime ?? run.createTime} />
      </td>
      <td className="col-duration number">
        <Elapsed start={run.createTime} end={run.endTime} />
      </td>
      <td className="col-tasks">
        {run.taskCounts === undefined ? <Nothing /> : <TaskProgressBar counts={run.taskCounts} />}
      </td>
      <td className="col-rows number">{formatCount(run.rowsLoaded)}</td>
    </tr>
  );
}

// More of them would make lines of different height; the page of the run has all.
const PARAMETERS_MAX = 4;

/** What tells the runs of one workflow apart. */
function RunParameters({ run: { parameters = {} } }: { readonly run: Run }) {
  const text = Object.entries(parameters)
    .slice(0, PARAMETERS_MAX)
    .map(([name, value]) => `${name} ${parameterText(value)}`)
    .join(', ');
  return text === '' ? null : <p className="muted row-note">{text}</p>;
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
