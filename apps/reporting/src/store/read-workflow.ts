import { toControlError } from '@floe/database';
import type { Deps } from '../deps.ts';

export async function hasWorkflow(db: Deps['db'], name: string): Promise<boolean> {
  const query = db.selectFrom('workflow').select('name').where('name', '=', name);
  return (await query.executeTakeFirst().catch(fail)) !== undefined;
}

/** The normalised document of a version; undefined when there is none. */
export async function readDocument(
  db: Deps['db'],
  version: { readonly workflowName: string; readonly version: number },
): Promise<unknown> {
  const query = db
    .selectFrom('workflow_version')
    .select('document')
    .where('workflow_name', '=', version.workflowName)
    .where('version', '=', version.version);
  return (await query.executeTakeFirst().catch(fail))?.document;
}

function fail(thrown: unknown): never {
  throw toControlError(thrown);
}
