import type { ControlDatabase } from '@floe/database';
import type { Workflow } from '@floe/workflow';

/** The document of a version, as metadata stored it; undefined when there is none. */
export async function findVersion(
  db: ControlDatabase['db'],
  workflowName: string,
  version: number,
): Promise<Workflow | undefined> {
  const row = await db
    .selectFrom('workflow_version')
    .select('document')
    .where('workflow_name', '=', workflowName)
    .where('version', '=', version)
    .executeTakeFirst();
  return row?.document as Workflow | undefined;
}

/** The newest version of a workflow that can be started; undefined when there is none. */
export async function findLatestVersion(
  db: ControlDatabase['db'],
  workflowName: string,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('workflow')
    .select('latest_version')
    .where('name', '=', workflowName)
    .where('is_deleted', '=', false)
    .executeTakeFirst();
  return row?.latest_version;
}

/** Names of workflows that can be started, for "did you mean". */
export async function workflowNames(db: ControlDatabase['db'], limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('workflow')
    .select('name')
    .where('is_deleted', '=', false)
    .orderBy('updated_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.name);
}
