import type { Selectable } from 'kysely';
import type { ControlDatabase, WorkflowTable, WorkflowVersionTable } from '@floe/database';
import type { LineageEdge } from '@floe/plan';
import type { NoticeRule } from '@floe/notification';
import type { Schedule } from '@floe/schedule';
import { FloeError } from '@floe/errors';
import { RESOURCE_NAME } from '@floe/workflow';
import { hideLineage, putLineage } from './lineage.ts';
import { putRules } from './notices/rules.ts';
import { putSchedules } from './schedules.ts';

type Db = ControlDatabase['db'];
export type WorkflowRow = Selectable<WorkflowTable>;
export type VersionRow = Selectable<WorkflowVersionTable>;

/** A document that was found good, ready to be stored. */
export type NewVersion = {
  readonly name: string;
  readonly description: string;
  readonly taskCount: number;
  readonly source: string;
  /** The normalised document, JSON. */
  readonly document: string;
  readonly schedules: readonly Schedule[];
  readonly notify: readonly NoticeRule[];
  readonly digest: string;
  /** Output columns by task, JSON. */
  readonly taskSchemas: string;
  readonly lineage: readonly LineageEdge[];
};

/**
 * Stores a document as the newest version of its workflow, unless the newest has the same digest. One transaction, with
 * the workflow's row locked: two callers at once get versions one after the other. Throws VERSION_CHANGED when the newest
 * is not the one that is expected; 0 expects any.
 */
export function putVersion(
  db: Db,
  version: NewVersion,
  expectedVersion = 0,
): Promise<{ row: VersionRow; isUnchanged: boolean }> {
  const { name, description, taskCount } = version;
  return db.transaction().execute(async (tx) => {
    await tx
      .insertInto('workflow')
      .values({ name, description, latest_version: 1, task_count: taskCount })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    await tx.selectFrom('workflow').select('name').where('name', '=', name).forUpdate().execute();
    const newest = await findVersion(tx, name, 0);
    requireVersion(name, newest?.version, expectedVersion);
    await putSchedules(tx, name, version.schedules);
    await putRules(tx, name, version.notify);
    if (newest?.digest === version.digest) {
      await tx
        .updateTable('workflow')
        .set({ is_deleted: false })
        .where('name', '=', name)
        .execute();
      // The databases may say more of it than the last time.
      await putLineage(tx, { workflowName: name, version: newest.version }, version.lineage);
      return { row: newest, isUnchanged: true };
    }
    const row = await tx
      .insertInto('workflow_version')
      .values({
        workflow_name: name,
        version: (newest?.version ?? 0) + 1,
        source: version.source,
        document: version.document,
        digest: version.digest,
        task_schemas: version.taskSchemas,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await tx
      .updateTable('workflow')
      .set({
        latest_version: row.version,
        description,
        task_count: taskCount,
        is_deleted: false,
        updated_at: new Date(),
      })
      .where('name', '=', name)
      .execute();
    await putLineage(tx, { workflowName: name, version: row.version }, version.lineage);
    return { row, isUnchanged: false };
  });
}

/** A text that is no name is not asked for: PostgreSQL would fail on some, like those with a NUL. */
export async function findWorkflow(db: Db, name: string): Promise<WorkflowRow | undefined> {
  if (!RESOURCE_NAME.test(name)) return undefined;
  return db
    .selectFrom('workflow')
    .selectAll()
    .where('name', '=', name)
    .where('is_deleted', '=', false)
    .executeTakeFirst();
}

/** A version by its number; 0 is the newest. */
export function findVersion(
  db: Pick<Db, 'selectFrom'>,
  workflowName: string,
  version: number,
): Promise<VersionRow | undefined> {
  const query = db
    .selectFrom('workflow_version')
    .selectAll()
    .where('workflow_name', '=', workflowName);
  const wanted = version === 0 ? query : query.where('version', '=', version);
  return wanted.orderBy('version', 'desc').limit(1).executeTakeFirst();
}

/** Workflows in the order of their names, after one name. */
export function listWorkflows(
  db: Db,
  page: { after: string; limit: number; search: string },
): Promise<WorkflowRow[]> {
  return db
    .selectFrom('workflow')
    .selectAll()
    .where('is_deleted', '=', false)
    .where('name', '>', page.after)
    .where((where) => where(where.fn<number>('strpos', ['name', where.val(page.search)]), '>', 0))
    .orderBy('name')
    .limit(page.limit)
    .execute();
}

/** Versions of a workflow, newest first, before one number. */
export function listVersions(
  db: Db,
  workflowName: string,
  page: { before: number; limit: number },
): Promise<VersionRow[]> {
  return db
    .selectFrom('workflow_version')
    .selectAll()
    .where('workflow_name', '=', workflowName)
    .where('version', '<', page.before)
    .orderBy('version', 'desc')
    .limit(page.limit)
    .execute();
}

function requireVersion(name: string, newest: number | undefined, expected: number): void {
  if (expected === 0 || newest === expected) return;
  const found = newest === undefined ? 'has none' : `has version ${newest}`;
  throw new FloeError(
    'VERSION_CHANGED',
    `the workflow ${name} ${found}, and version ${expected} was expected`,
    {
      details: { workflow: name, expected: String(expected), newest: String(newest ?? 0) },
      hint: 'Look at what has changed, and ask again with the version that is there.',
    },
  );
}

/**
 * Hides a workflow, and with it its schedules. True when there was one to hide. Throws VERSION_CHANGED as `putVersion`
 * does.
 */
export async function hideWorkflow(db: Db, name: string, expectedVersion = 0): Promise<boolean> {
  if (!RESOURCE_NAME.test(name)) return false;
  return db.transaction().execute(async (tx) => {
    const found = await tx
      .selectFrom('workflow')
      .select('latest_version')
      .where('name', '=', name)
      .where('is_deleted', '=', false)
      .forUpdate()
      .executeTakeFirst();
    if (found !== undefined) requireVersion(name, found.latest_version, expectedVersion);
    const result = await tx
      .updateTable('workflow')
      .set({ is_deleted: true, updated_at: new Date() })
      .where('name', '=', name)
      .where('is_deleted', '=', false)
      .executeTakeFirst();
    await putSchedules(tx, name, []);
    await putRules(tx, name, []);
    await hideLineage(tx, name);
    return result.numUpdatedRows > 0n;
  });
}

export async function workflowNames(db: Db, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('workflow')
    .select('name')
    .where('is_deleted', '=', false)
    .orderBy('updated_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.name);
}
