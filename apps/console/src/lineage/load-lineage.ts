import type { JsonObject, JsonValue, Lineage } from '@floe/client';
import { floe } from '../api.ts';

export const DEPTH_DEFAULT = 5;
// More edges than that no picture can show.
const EDGES_MAX = 1_000;
// Each is a call; who has more types the name.
const WORKFLOWS_MAX = 60;

export type BothWays = { readonly up: Lineage; readonly down: Lineage };

/** What a table or column comes from, and what uses it. */
export async function loadLineage(question: {
  readonly dataset: string;
  readonly column: string;
  readonly depth: number;
}): Promise<BothWays> {
  const asked = { ...question, pageSize: EDGES_MAX };
  const [up, down] = await Promise.all([
    floe.getLineage({ ...asked, direction: 'up' }),
    floe.getLineage({ ...asked, direction: 'down' }),
  ]);
  return { up, down };
}

/** The tables that the newest versions of workflows load, by name. */
export async function loadTables(): Promise<readonly string[]> {
  const { workflows } = await floe.listWorkflows({ pageSize: WORKFLOWS_MAX });
  const found = await Promise.all(workflows.map(({ name }) => floe.getWorkflow(name)));
  const tables = found.flatMap(({ version }) => tablesOf(version?.document?.['tasks']));
  return [...new Set(tables)].toSorted();
}

/** Tasks of the normalised document are a list; what only their type knows lies in `config`. */
function tablesOf(tasks: JsonValue | undefined): readonly string[] {
  if (!Array.isArray(tasks)) return [];
  return (tasks as readonly JsonObject[]).flatMap(({ config }) => {
    const table = (config as JsonObject | undefined)?.['table'];
    return typeof table === 'string' ? [table] : [];
  });
}
