import type { TaskRun } from '@floe/client';
import { Elapsed } from '../components/instant.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { formatBytes, formatCount } from '../format/quantity.ts';

export type TaskTableProps = {
  readonly tasks: readonly TaskRun[];
  readonly selectedTaskId: string;
  readonly onSelect: (taskId: string) => void;
};

/** The tasks in the order of the workflow: what the graph shows, as a table. */
export function TaskTable({ tasks, selectedTaskId, onSelect }: TaskTableProps) {
  return (
    <section className="card" aria-labelledby="tasks-title">
      <header className="card-head">
        <h2 id="tasks-title">Tasks</h2>
      </header>
      <div className="table-frame">
        <table className="tasks" data-rows>
          <thead>
            <tr>
              <th scope="col">Task</th>
              <th scope="col">State</th>
              <th scope="col">After</th>
              <th scope="col" className="number">
                Attempts
              </th>
              <th scope="col" className="number">
                Rows
              </th>
              <th scope="col" className="number">
                Bytes
              </th>
              <th scope="col" className="number">
                Elapsed
              </th>
            </tr>
          </thead>
          <tbody>
            {tasks.map((task) => (
              <TaskRow
                key={task.taskId}
                task={task}
                isSelected={task.taskId === selectedTaskId}
                onSelect={onSelect}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

type TaskRowProps = Pick<TaskTableProps, 'onSelect'> & {
  readonly task: TaskRun;
  readonly isSelected: boolean;
};

function TaskRow({ task, isSelected, onSelect }: TaskRowProps) {
  return (
    <tr data-selected={isSelected}>
      <th scope="row">
        <button
          type="button"
          className="row-link"
          data-row
          aria-pressed={isSelected}
          onClick={() => onSelect(isSelected ? '' : task.taskId)}
        >
          {task.taskId}
        </button>
        <span className="muted type"> {task.type}</span>
      </th>
      <td>
        <StateBadge state={task.state} />
      </td>
      <td className="muted after" title={task.upstreamTaskIds.join(', ')}>
        {task.upstreamTaskIds.join(', ')}
      </td>
      <td className="number">{task.attemptCount}</td>
      <td className="number">{task.rowsUncounted ? 'uncounted' : formatCount(task.rows)}</td>
      <td className="number">{formatBytes(task.bytes)}</td>
      <td className="number">
        <Elapsed start={task.startTime} end={task.endTime} />
      </td>
    </tr>
  );
}
