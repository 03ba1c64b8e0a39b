import { addTaskTypes } from '../registry.ts';
import { loadTaskPackages } from './load-task-packages.ts';
import { toDefinition } from './to-definition.ts';

/**
 * Makes the task types of packages known to this process, to check, plan and place them. Errors: CONFIGURATION_INVALID.
 */
export async function useTaskPackages(
  specifiers: readonly string[] = [],
  folder: string = process.cwd(),
): Promise<void> {
  const tasks = await loadTaskPackages(specifiers, folder);
  addTaskTypes(tasks.map(toDefinition));
}
