import type {
  Dataset,
  RunReport,
  TaskDifference,
  TaskReport,
  ValueDifference,
} from '@floe/rpc/contracts';

export type ComparedRun = {
  readonly report: RunReport;
  /** By task, where it made one. */
  readonly datasets: ReadonlyMap<string, Dataset>;
  /** Of the content of each, where it is known. */
  readonly checksums: ReadonlyMap<string, string>;
};

/** In the order of the other run, then what only the base has. */
export function taskDifferences(base: ComparedRun, other: ComparedRun): TaskDifference[] {
  const baseTasks = new Map(base.report.tasks.map((task) => [task.taskId, task]));
  const otherTasks = new Map(other.report.tasks.map((task) => [task.taskId, task]));
  const ids = new Set([...otherTasks.keys(), ...baseTasks.keys()]);
  return [...ids].map((taskId) =>
    taskDifference(
      { task: baseTasks.get(taskId), run: base },
      { task: otherTasks.get(taskId), run: other },
      taskId,
    ),
  );
}

type Side = { readonly task: TaskReport | undefined; readonly run: ComparedRun };

function taskDifference(base: Side, other: Side, taskId: string): TaskDifference {
  const checksum = base.run.checksums.get(taskId);
  return {
    taskId,
    base: base.task,
    other: other.task,
    columns: columnDifferences(base.run.datasets.get(taskId), other.run.datasets.get(taskId)),
    sameContent: checksum !== undefined && checksum === other.run.checksums.get(taskId),
  };
}

function columnDifferences(
  base: Dataset | undefined,
  other: Dataset | undefined,
): ValueDifference[] {
  if (base === undefined || other === undefined) return [];
  const typesOf = ({ columns }: Dataset) =>
    Object.fromEntries(columns.map(({ name, type }) => [name, type]));
  return valueDifferences(typesOf(base), typesOf(other));
}

/** What is not the same on both sides, by name. */
export function valueDifferences(
  base: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): ValueDifference[] {
  const names = [...new Set([...Object.keys(base), ...Object.keys(other)])].toSorted();
  return names.flatMap((name) => {
    const difference = { name, base: textOf(base[name]), other: textOf(other[name]) };
    return difference.base === difference.other ? [] : [difference];
  });
}

function textOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
