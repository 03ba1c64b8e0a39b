import { sql, type Transaction } from 'kysely';
import type { FloeTables } from '@floe/database';
import { putLineageOfMany } from './lineage.ts';
import { putRulesOfMany } from './notices/rules.ts';
import { putSchedules } from './schedules.ts';
import type { NewVersion } from './workflows.ts';

type Tx = Transaction<FloeTables>;
type Placed = { readonly version: NewVersion; readonly number: number; readonly isNew: boolean };

/**
 * Stores many documents, each as the newest version of its workflow unless the newest has the same digest: what
 * `putVersion` does for one, in a few statements for all. The caller's transaction holds the rows of the workflows.
 */
export async function putNewVersions(tx: Tx, versions: readonly NewVersion[]): Promise<void> {
  if (versions.length === 0) return;
  const sorted = versions.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const placed = await placeVersions(tx, sorted);
  const stored = placed.filter(({ isNew }) => isNew);
  await insertVersions(tx, stored);
  await pointAtVersions(tx, placed);
  // A workflow that was imported before may have got schedules and columns from people since.
  for (const { version, number } of placed) {
    if (number > 1 || version.schedules.length > 0)
      await putSchedules(tx, version.name, version.schedules);
  }
  await putRulesOfMany(
    tx,
    placed.map(({ version }) => ({ scope: version.name, rules: version.notify })),
  );
  await putLineageOfMany(
    tx,
    placed.map(({ version, number }) => ({
      workflowName: version.name,
      version: number,
      edges: version.lineage,
    })),
  );
}

/** Makes and locks the workflows, in the order of their names, and finds the number of each document. */
async function placeVersions(tx: Tx, versions: readonly NewVersion[]): Promise<Placed[]> {
  const names = versions.map(({ name }) => name);
  await tx
    .insertInto('workflow')
    .values(
      versions.map(({ name, description, taskCount }) => ({
        name,
        description,
        latest_version: 1,
        task_count: taskCount,
      })),
    )
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  await tx
    .selectFrom('workflow')
    .select('name')
    .where('name', 'in', names)
    .orderBy('name')
    .forUpdate()
    .execute();
  const newest = await sql<{ workflow_name: string; version: number; digest: string }>`
    /* metadata.newest_versions */
    select distinct on (workflow_name) workflow_name, version, digest from floe.workflow_version
    where workflow_name = any(${names}::text[]) order by workflow_name, version desc`.execute(tx);
  const known = new Map(newest.rows.map((row) => [row.workflow_name, row]));
  return versions.map((version) => {
    const last = known.get(version.name);
    if (last?.digest === version.digest) return { version, number: last.version, isNew: false };
    return { version, number: (last?.version ?? 0) + 1, isNew: true };
  });
}

async function insertVersions(tx: Tx, placed: readonly Placed[]): Promise<void> {
  if (placed.length === 0) return;
  await tx
    .insertInto('workflow_version')
    .values(
      placed.map(({ version, number }) => ({
        workflow_name: version.name,
        version: number,
        source: version.source,
        document: version.document,
        digest: version.digest,
        task_schemas: version.taskSchemas,
      })),
    )
    .execute();
}

async function pointAtVersions(tx: Tx, placed: readonly Placed[]): Promise<void> {
  const rows = placed.map(({ version, number }) => ({
    name: version.name,
    version: number,
    description: version.description,
    tasks: version.taskCount,
  }));
  await sql`/* metadata.point_at_versions */
    update floe.workflow w
    set latest_version = n.version, description = n.description, task_count = n.tasks, is_deleted = false,
      updated_at = clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (name text, version int, description text, tasks int)
    where w.name = n.name and (w.latest_version, w.is_deleted) is distinct from (n.version, false)`.execute(
    tx,
  );
}
