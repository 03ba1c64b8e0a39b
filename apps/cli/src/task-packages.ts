import type { CommandContext } from './context.ts';

/** Makes the task types of packages known to a command that reads documents itself. Errors: CONFIGURATION_INVALID. */
export async function knowTaskPackages({ env }: Pick<CommandContext, 'env'>): Promise<void> {
  const { taskPackagesIn, useTaskPackages } = await import('@floe/tasks');
  await useTaskPackages(taskPackagesIn(env));
}

/** The same for a command that runs tasks itself. Errors: CONFIGURATION_INVALID. */
export async function runTaskPackages({ env }: Pick<CommandContext, 'env'>): Promise<void> {
  await knowTaskPackages({ env });
  const { taskPackagesIn, useTaskRunners } = await import('@floe/tasks/run');
  await useTaskRunners(taskPackagesIn(env));
}
