import type { ControlDatabase } from '@floe/database';
import { toControlError } from '@floe/database';

/** How many tasks its newest version has; undefined when there is no such workflow. */
export async function readTaskCount(
  db: ControlDatabase['db'],
  name: string,
): Promise<number | undefined> {
  const query = db.selectFrom('workflow').select('task_count').where('name', '=', name);
  return (await query.executeTakeFirst().catch(fail))?.task_count;
}

export type VersionName = { readonly workflowName: string; readonly version: number };

/** The normalised document of a version; undefined when there is none. */
export async function readDocument(
  db: ControlDatabase['db'],
  version: VersionName,
): Promise<unknown> {
  const query = db
    .selectFrom('workflow_version')
    .select('document')
    .where('workflow_name', '=', version.workflowName)
    .where('version', '=', version.version);
  return (await query.executeTakeFirst().catch(fail))?.document;
}

/** The text as people wrote it; empty when there is no such version. */
export async function readSource(db: ControlDatabase['db'], version: VersionName): Promise<string> {
  const query = db
    .selectFrom('workflow_version')
    .select('source')
    .where('workflow_name', '=', version.workflowName)
    .where('version', '=', version.version);
  return (await query.executeTakeFirst().catch(fail))?.source ?? '';
}

function fail(thrown: unknown): never {
  throw toControlError(thrown);
}
