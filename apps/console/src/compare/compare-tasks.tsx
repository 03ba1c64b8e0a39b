import type { RunReport, TaskReport } from '@floe/client';
import { Nothing } from '../components/instant.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { formatDuration } from '../format/duration.ts';
import { formatCount } from '../format/quantity.ts';
import { compareTasks } from './compare-runs.ts';
import type { TaskComparison } from './compare-runs.ts';

/** What each task took and gave in both runs. */
export function CompareTasks({ a, b }: { readonly a: RunReport; readonly b: RunReport }) {
  const rows = compareTasks(a, b);
  const longest = Math.max(
    1,
    ...rows.flatMap((row) => [Number(row.a?.runMs ?? 0), Number(row.b?.runMs ?? 0)]),
  );
  return (
    <section className="card" aria-labelledby="compare-tasks-title">
      <header className="card-head">
        <h2 id="compare-tasks-title">Tasks</h2>
      </header>
      <div className="table-frame">
        <table>
          <thead>
            <tr>
              <th scope="col">Task</th>
              <th scope="col">A</th>
              <th scope="col">B</th>
              <th scope="col">Run time of A over B</th>
              <th scope="col" className="number">
                A
              </th>
              <th scope="col" className="number">
                B
              </th>
              <th scope="col" className="number">
                Change
              </th>
              <th scope="col" className="number">
                Rows A
              </th>
              <th scope="col" className="number">
                Rows B
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <TaskRow key={row.taskId} row={row} longest={longest} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function TaskRow({ row, longest }: { readonly row: TaskComparison; readonly longest: number }) {
  const { taskId, a, b, changeMs } = row;
  const width = (task: TaskReport | undefined) => (100 * Number(task?.runMs ?? 0)) / longest;
  const hasOtherRows = a !== undefined && b !== undefined && a.rows !== b.rows;
  return (
    <tr>
      <th scope="row">{taskId}</th>
      <td>{a === undefined ? <Nothing /> : <StateBadge state={a.state} />}</td>
      <td>{b === undefined ? <Nothing /> : <StateBadge state={b.state} />}</td>
      <td className="compare-bars">
        <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">
          <rect className="bar-a" width={width(a)} height="5" />
          <rect className="bar-b" y="7" width={width(b)} height="5" />
        </svg>
      </td>
      <td className="number">{timeOf(a)}</td>
      <td className="number">{timeOf(b)}</td>
      <td className="number">
        {changeMs === 0 ? (
          <Nothing />
        ) : (
          `${changeMs > 0 ? '+' : '−'}${formatDuration(Math.abs(changeMs))}`
        )}
      </td>
      <td className="number" data-differs={hasOtherRows}>
        {rowsOf(a)}
      </td>
      <td className="number" data-differs={hasOtherRows}>
        {rowsOf(b)}
      </td>
    </tr>
  );
}

function timeOf(task: TaskReport | undefined): string {
  return task === undefined ? '–' : formatDuration(Number(task.runMs));
}

function rowsOf(task: TaskReport | undefined): string {
  if (task === undefined) return '–';
  return task.rowsUncounted ? 'uncounted' : formatCount(task.rows);
}
