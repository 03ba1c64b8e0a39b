import type { ColumnSchema, TaskRun, WorkflowTask } from '@floe/client';
import { Link } from '../components/link.tsx';
import { lineageAddress } from '../lineage/table-list.tsx';

export type TaskColumnsProps = {
  readonly task: TaskRun;
  readonly tasks: readonly TaskRun[];
  /** Of the version that runs: what is known before the run. */
  readonly known: readonly WorkflowTask[];
  readonly workflowName: string;
};

/** The columns that come in, by task, and those that go out. */
export function TaskColumns({ task, tasks, known, workflowName }: TaskColumnsProps) {
  const columnsOf = (taskId: string): readonly ColumnSchema[] => {
    const made = tasks.find((one) => one.taskId === taskId)?.dataset?.columns ?? [];
    return made.length > 0 ? made : (known.find((one) => one.taskId === taskId)?.columns ?? []);
  };
  const output = columnsOf(task.taskId);
  const inputs = task.upstreamTaskIds.filter((taskId) => columnsOf(taskId).length > 0);
  return (
    <>
      {output.length > 0 && (
        <section>
          <h3>Output columns</h3>
          <Columns columns={output} />
          <Link to={lineageAddress(`${workflowName}/${task.taskId}`)}>Lineage</Link>
        </section>
      )}
      {inputs.map((taskId) => (
        <details key={taskId}>
          <summary>Input columns from {taskId}</summary>
          <Columns columns={columnsOf(taskId)} />
        </details>
      ))}
    </>
  );
}

function Columns({ columns }: { readonly columns: readonly ColumnSchema[] }) {
  return (
    <dl className="columns">
      {columns.map(({ name, type }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{type}</dd>
        </div>
      ))}
    </dl>
  );
}
