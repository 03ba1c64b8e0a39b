import { assert } from '@floe/errors';
import type { Task } from '@floe/workflow';

/** A task within the graph. All numbers are positions in `Plan.tasks`. */
export type PlannedTask = {
  readonly id: string;
  /** Tasks that it waits for, inputs first, each once. */
  readonly upstream: readonly number[];
  /** Tasks that wait for it, in the order of the document. */
  readonly downstream: readonly number[];
  /** Length of the longest way to it: 0 for a task that waits for nothing. */
  readonly level: number;
};

/** The graph of a workflow. The same workflow always gives the same plan. */
export type Plan = {
  /** In the order of the document, which is the order of `workflow.tasks`. */
  readonly tasks: readonly PlannedTask[];
  /** Every task after all that it waits for; among equals the order of the document. */
  readonly order: readonly number[];
  /** Tasks by level: those of one level do not wait for each other. */
  readonly levels: readonly (readonly number[])[];
};

/** What the graph is made of. */
export type PlanSource = { readonly tasks: readonly Pick<Task, 'id' | 'inputs' | 'needs'>[] };

/** Compiles the graph of a validated workflow: its references exist and it has no cycle. Linear in tasks and links. */
export function compilePlan(workflow: PlanSource): Plan {
  const upstream = upstreamOf(workflow);
  const downstream = downstreamOf(upstream);
  const levels = levelsOf(upstream, downstream);
  const tasks = workflow.tasks.map(({ id }, index) => ({
    id,
    upstream: upstream[index]!,
    downstream: downstream[index]!,
    level: levels.levelByTask[index]!,
  }));
  return { tasks, order: levels.byLevel.flat(), levels: levels.byLevel };
}

function upstreamOf({ tasks }: PlanSource): readonly (readonly number[])[] {
  const indexes = new Map(tasks.map((task, index) => [task.id, index]));
  return tasks.map((task) => {
    const names = new Set([...task.inputs, ...task.needs]);
    return [...names].map((name) => {
      const index = indexes.get(name);
      assert(
        index !== undefined,
        `task ${task.id} refers to ${name}, which is not in the workflow`,
      );
      return index;
    });
  });
}

function downstreamOf(upstream: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const downstream: number[][] = upstream.map(() => []);
  for (const [index, sources] of upstream.entries()) {
    for (const source of sources) downstream[source]!.push(index);
  }
  return downstream;
}

type Levels = {
  readonly levelByTask: readonly number[];
  readonly byLevel: readonly (readonly number[])[];
};

/** Takes away, level by level, the tasks that wait for nothing more. What a cycle holds is never taken. */
function levelsOf(
  upstream: readonly (readonly number[])[],
  downstream: readonly (readonly number[])[],
): Levels {
  const waitingFor = upstream.map((sources) => sources.length);
  const levelByTask = upstream.map(() => 0);
  const byLevel: number[][] = [];
  let placed = 0;
  let current = [...waitingFor.keys()].filter((index) => waitingFor[index] === 0);
  while (current.length > 0) {
    for (const index of current) levelByTask[index] = byLevel.length;
    byLevel.push(current);
    placed += current.length;
    const freed = current.flatMap((index) =>
      downstream[index]!.filter((next) => --waitingFor[next]! === 0),
    );
    current = freed.toSorted((a, b) => a - b);
  }
  assert(placed === upstream.length, 'the workflow has a cycle');
  return { levelByTask, byLevel };
}
