import type { TaskRun } from '@floe/client';
import { Elapsed } from '../components/instant.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { formatBytes, formatCount } from '../format/quantity.ts';
import { setQueryField, useQueryField } from '../router.ts';
import { markOf } from '../state/state-mark.ts';
import { useVirtualRows } from '../use-virtual-rows.ts';

export type TaskTableProps = {
  readonly tasks: readonly TaskRun[];
  readonly selectedTaskId: string;
  readonly onSelect: (taskId: string) => void;
};

// Name and type below each other; a row that were higher would put the others at wrong places.
const ROW_HEIGHT = 54;

/** The tasks in the order of the workflow: what the graph shows, as a table. */
export function TaskTable({ tasks, selectedTaskId, onSelect }: TaskTableProps) {
  const text = useQueryField('tasks');
  const shown = tasks.filter((task) => fits(task, text));
  const { frame, noteScroll, first, end, before, after } = useVirtualRows<HTMLDivElement>(
    shown.length,
    ROW_HEIGHT,
  );
  return (
    <section className="card" aria-labelledby="tasks-title">
      <header className="card-head">
        <h2 id="tasks-title">Tasks</h2>
        <span className="muted">
          {text === '' ? formatCount(tasks.length) : `${shown.length} of ${tasks.length}`}
        </span>
        <div className="card-tools">
          <input
            type="search"
            aria-label="Name, type or state of tasks"
            placeholder="Name, type or state …"
            value={text}
            onChange={(event) => setQueryField('tasks', event.target.value)}
          />
        </div>
      </header>
      <div
        ref={frame}
        className="table-frame task-frame"
        tabIndex={0}
        role="region"
        aria-label="Table of the tasks"
        onScroll={noteScroll}
      >
        <table className="tasks" data-rows>
          <TaskTableHead />
          <tbody>
            <Spacer height={before} />
            {shown.slice(first, end).map((task) => (
              <TaskRow
                key={task.taskId}
                task={task}
                isSelected={task.taskId === selectedTaskId}
                onSelect={onSelect}
              />
            ))}
            <Spacer height={after} />
          </tbody>
        </table>
      </div>
    </section>
  );
}

function fits({ taskId, type, state }: TaskRun, text: string): boolean {
  const wanted = text.toLowerCase();
  return [taskId, type, markOf(state).word].some((one) => one.toLowerCase().includes(wanted));
}

/** Stands for the rows that are not drawn. */
function Spacer({ height }: { readonly height: number }) {
  return height === 0 ? null : <tr aria-hidden="true" className="spacer" style={{ height }} />;
}

function TaskTableHead() {
  return (
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
  );
}

type TaskRowProps = Pick<TaskTableProps, 'onSelect'> & {
  readonly task: TaskRun;
  readonly isSelected: boolean;
};

function TaskRow({ task, isSelected, onSelect }: TaskRowProps) {
  const after = task.upstreamTaskIds.join(', ');
  return (
    <tr data-selected={isSelected} style={{ height: ROW_HEIGHT }}>
      <th scope="row" className="task-name">
        <button
          type="button"
          className="row-link"
          data-row
          data-task={task.taskId}
          title={task.taskId}
          aria-pressed={isSelected}
          onClick={() => onSelect(isSelected ? '' : task.taskId)}
        >
          {task.taskId}
        </button>
        <span className="muted type">{task.type}</span>
      </th>
      <td>
        <StateBadge state={task.state} />
      </td>
      <td className="muted after" title={after}>
        {after}
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
