/** A task run as far as time is concerned; instants in milliseconds since 1970. */
export type TimedTask = {
  readonly taskId: string;
  readonly upstreamTaskIds: readonly string[];
  /** When it ended, or now for one that runs; null for one that has not begun. */
  readonly endMs: number | null;
};

/**
 * The chain of tasks that decided how long the run took, first to last: from the task that ended last back through
 * the upstream task that ended last, each time, for that is the one the next task waited for. Among equals the one
 * that comes first in the list wins. Tasks that have not begun are on no path.
 */
export function findCriticalPath(tasks: readonly TimedTask[]): string[] {
  const byId = new Map(tasks.map((task) => [task.taskId, task]));
  const path: string[] = [];
  let current = latest(tasks);
  // A path is never longer than the number of tasks; the bound ends the walk should upstreams ever form a circle.
  while (current !== undefined && path.length < tasks.length) {
    path.push(current.taskId);
    const upstream = current.upstreamTaskIds.flatMap((taskId) => byId.get(taskId) ?? []);
    current = latest(upstream);
  }
  return path.toReversed();
}

function latest(tasks: readonly TimedTask[]): TimedTask | undefined {
  let found: TimedTask | undefined;
  for (const task of tasks) {
    if (task.endMs !== null && isLater(task, found)) found = task;
  }
  return found;
}

/** Tasks that one attempt carried out end in the same instant: then one that waits for another is the later one. */
function isLater(task: TimedTask, than: TimedTask | undefined): boolean {
  if (than === undefined || task.endMs !== than.endMs) return task.endMs! > (than?.endMs ?? -1);
  return task.upstreamTaskIds.includes(than.taskId);
}
