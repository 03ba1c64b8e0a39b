import type { Deps } from './deps.ts';
import { readDocument } from './store/read-workflow.ts';

/** The tasks that each task waits for, by task id. */
export type UpstreamTasks = ReadonlyMap<string, readonly string[]>;

type DocumentTask = {
  readonly id: string;
  readonly inputs?: readonly string[];
  readonly needs?: readonly string[];
};

/** Reads them from the version that a run is pinned to: task runs do not repeat what never changes. */
export async function readUpstreamTasks(
  db: Deps['db'],
  run: { readonly workflow_name: string; readonly workflow_version: number },
): Promise<UpstreamTasks> {
  const document = await readDocument(db, {
    workflowName: run.workflow_name,
    version: run.workflow_version,
  });
  return upstreamTasksOf(document);
}

function upstreamTasksOf(document: unknown): UpstreamTasks {
  const { tasks = [] } = (document ?? {}) as { readonly tasks?: readonly DocumentTask[] };
  return new Map(
    tasks.map(({ id, inputs = [], needs = [] }) => [id, [...new Set([...inputs, ...needs])]]),
  );
}
