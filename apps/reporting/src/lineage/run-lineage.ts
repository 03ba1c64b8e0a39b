import type { RunLineage, RunLineageEdge } from '@floe/rpc/contracts';
import type { TaskRunRow } from '../store/read-task-runs.ts';
import type { OutsideDatasets, PlannedTask } from './outside-datasets.ts';

// A screen shows some hundred; a workflow of ten thousand tasks has more.
const EDGES_MAX = 10_000;

export type RunLineageInput = {
  readonly plan: readonly PlannedTask[];
  readonly taskRuns: readonly TaskRunRow[];
  readonly outside: OutsideDatasets;
};

/** What went from where to where. Only of tasks that succeeded: of the others nothing is there. */
export function runLineage({ plan, taskRuns, outside }: RunLineageInput): RunLineage {
  const done = new Map(
    taskRuns.filter(({ state }) => state === 'succeeded').map((row) => [row.task_id, row]),
  );
  const edges = plan.flatMap((task) => {
    const row = done.get(task.id);
    if (row === undefined) return [];
    const between = (task.inputs ?? []).flatMap((input) => {
      const maker = done.get(input);
      return maker === undefined ? [] : [datasetEdge(maker, task.id)];
    });
    const reads = outside.reads.get(task.id) ?? [];
    const writes = outside.writes.get(task.id) ?? [];
    return [
      ...reads.map((uri) => tableEdge(row, { from: uri, to: task.id })),
      ...between,
      ...writes.map((uri) => tableEdge(row, { from: task.id, to: uri })),
    ];
  });
  return { edges: edges.slice(0, EDGES_MAX), truncated: edges.length > EDGES_MAX };
}

function datasetEdge(maker: TaskRunRow, to: string): RunLineageEdge {
  const dataset = readDataset(maker.dataset);
  return {
    from: maker.task_id,
    to,
    kind: 'dataset',
    rows: BigInt(maker.rows),
    bytes: BigInt(maker.bytes),
    checksum: dataset.hash,
    uri: dataset.uri,
    rowsUncounted: maker.rows_uncounted,
  };
}

/** The rows that a task took from outside or wrote there. */
function tableEdge(
  row: TaskRunRow,
  ends: { readonly from: string; readonly to: string },
): RunLineageEdge {
  return {
    ...ends,
    kind: 'table',
    rows: BigInt(row.rows),
    bytes: BigInt(row.bytes),
    checksum: readDataset(row.dataset).hash,
    uri: '',
    rowsUncounted: row.rows_uncounted,
  };
}

/** As the executor reported it. */
export function readDataset(value: unknown): { readonly uri: string; readonly hash: string } {
  const text = (name: string) => {
    const found: unknown = Reflect.get(Object(value) as object, name);
    return typeof found === 'string' ? found : '';
  };
  return { uri: text('uri'), hash: text('hash') };
}
