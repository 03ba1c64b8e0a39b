import type { PlannedTask } from './outside-datasets.ts';

/** The tasks of a stored document; none where it is gone. */
export function plannedTasks(document: unknown): readonly PlannedTask[] {
  const { tasks = [] } = (document ?? {}) as { readonly tasks?: readonly PlannedTask[] };
  return tasks;
}
