import { FloeError } from '@floe/errors';
import type { TaskContext, TaskResult } from '../runner.ts';

/** Fails, and says which connector it stands for. */
export async function runUnsupported({ config }: TaskContext): Promise<TaskResult> {
  const connector = String(config['connector']);
  throw new FloeError(
    'CONNECTOR_UNSUPPORTED',
    `Floe has no task for connectors of the type ${connector}`,
    {
      details: { connector },
      hint: `Replace the task by one that Floe has, or move what ${connector} holds into PostgreSQL or files.`,
    },
  );
}
