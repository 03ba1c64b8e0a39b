import type { GraphTask } from './graph-task.ts';

export type GraphEdge = { readonly id: string; readonly from: string; readonly to: string };

/** Which tasks there are and which waits for which: all that the layout depends on. */
export type GraphShape = {
  readonly taskIds: readonly string[];
  readonly edges: readonly GraphEdge[];
};

/** The shape of the graph. An edge from a task that is not there is left out. */
export function shapeOf(tasks: readonly GraphTask[]): GraphShape {
  const known = new Set(tasks.map(({ taskId }) => taskId));
  return {
    taskIds: [...known],
    edges: tasks.flatMap(({ taskId: to, upstreamTaskIds }) =>
      upstreamTaskIds
        .filter((from) => known.has(from))
        .map((from) => ({ id: edgeId(from, to), from, to })),
    ),
  };
}

// Task names hold no blanks, so two different edges never get the same id.
function edgeId(from: string, to: string): string {
  return `${from} ${to}`;
}

/** Equal for two shapes exactly when they have the same layout. */
export function keyOf({ taskIds, edges }: GraphShape): string {
  return JSON.stringify([taskIds, edges.map(({ id }) => id)]);
}
