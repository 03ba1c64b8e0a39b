import type { Schema } from '@floe/expression';
import { describeLoad, type LoadDescription } from '@floe/tasks/describe';
import { askDatabases, type Asking, type Findings, type Question } from './ask-databases.ts';

export type CheckedLoads = Findings & { readonly byTask: ReadonlyMap<string, LoadDescription> };

/** Whether the tables of all loads can take what comes to them, as far as its columns are known. */
export async function checkLoads(
  asking: Asking,
  schemas: ReadonlyMap<string, Schema>,
): Promise<CheckedLoads> {
  const byTask = new Map<string, LoadDescription>();
  const questions = asking.workflow.tasks.flatMap((task): Question[] => {
    const connection = asking.connections.get(String(task.config['connection']));
    if (task.type !== 'postgres_load' || connection === undefined) return [];
    if (asking.unclear.has(task.id)) return [];
    const schema = schemas.get(task.inputs[0] ?? '');
    return [
      {
        task,
        connection,
        field: 'table',
        ask: async (session) => {
          byTask.set(task.id, await describeLoad(session, task.config, schema));
        },
      },
    ];
  });
  return { ...(await askDatabases(asking, questions)), byTask };
}
