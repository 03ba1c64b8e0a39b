/**
 * Workflows of the service that Floe replaces, and the workflows of Floe that do the same.
 *
 *   I1. A batch is one transaction: all of it is stored, or nothing.
 *   I2. Rows are locked in the order of their names, so that two imports at once do not wait for each other in a circle.
 *   I3. A workflow of Floe that was not made by an import is never replaced by one.
 */
import { sql, type Transaction } from 'kysely';
import type { ControlDatabase, FloeTables } from '@floe/database';
import { MAPPING_VERSION, type LegacyNode } from '@floe/legacy';
import type { JudgedDocument } from '../importing/judge-document.ts';
import { putNewVersions } from './imported-versions.ts';

type Db = ControlDatabase['db'];
type Tx = Transaction<FloeTables>;

export type KnownDocument = {
  readonly workflow_id: string;
  readonly checksum: string;
  readonly mapping_version: number;
  readonly floe_workflow: string | null;
};

/** What is known of these workflows already, by their old ids. */
export async function findImported(
  db: Db,
  workflowIds: readonly string[],
): Promise<ReadonlyMap<string, KnownDocument>> {
  if (workflowIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('legacy_workflow')
    .select(['workflow_id', 'checksum', 'mapping_version', 'floe_workflow'])
    .where('workflow_id', 'in', [...workflowIds])
    .execute();
  return new Map(rows.map((row) => [row.workflow_id, row]));
}

/** Names of workflows that are there and were not made by an import of the same document (I3). */
export async function namesTaken(
  db: Db,
  wanted: ReadonlyMap<string, string>,
): Promise<ReadonlySet<string>> {
  if (wanted.size === 0) return new Set();
  const rows = await db
    .selectFrom('workflow as w')
    .leftJoin('legacy_workflow as l', 'l.floe_workflow', 'w.name')
    .select(['w.name', 'l.workflow_id'])
    .where('w.name', 'in', [...wanted.keys()])
    .execute();
  return new Set(
    rows.filter((row) => row.workflow_id !== wanted.get(row.name)).map((row) => row.name),
  );
}

/** Stores the documents with their nodes, and their workflows of Floe (I1). */
export function putImported(db: Db, judged: readonly JudgedDocument[]): Promise<void> {
  return db.transaction().execute(async (tx) => {
    await putNewVersions(
      tx,
      judged.flatMap(({ version }) => version ?? []),
    );
    await putDocuments(tx, judged);
    const ids = judged.map(({ imported }) => imported.legacy.workflowId);
    await tx.deleteFrom('legacy_node').where('workflow_id', 'in', ids).execute();
    await tx.deleteFrom('legacy_dependency').where('workflow_id', 'in', ids).execute();
    await putNodes(tx, judged);
    await putDependencies(tx, judged);
  });
}

async function putDocuments(tx: Tx, judged: readonly JudgedDocument[]): Promise<void> {
  const rows = judged.map(documentRow).toSorted((a, b) => (a.workflow_id < b.workflow_id ? -1 : 1));
  await sql`/* metadata.put_legacy_workflows */
    insert into floe.legacy_workflow (workflow_id, workspace_id, workspace_name, folder_id, folder_name, job_id, job_name,
      workflow_name, status, notify_email, on_success_notify, on_failure_notify, created_by, created_at, document,
      floe_workflow, refusals, unmapped, checksum, mapping_version)
    select workflow_id, workspace_id, workspace_name, folder_id, folder_name, job_id, job_name, workflow_name, status,
      notify_email, on_success_notify, on_failure_notify, created_by, created_at, document, floe_workflow, refusals,
      unmapped, checksum, mapping_version
    from jsonb_populate_recordset(null::floe.legacy_workflow, ${JSON.stringify(rows)}::jsonb)
    on conflict (workflow_id) do update set
      workspace_id = excluded.workspace_id, workspace_name = excluded.workspace_name, folder_id = excluded.folder_id,
      folder_name = excluded.folder_name, job_id = excluded.job_id, job_name = excluded.job_name,
      workflow_name = excluded.workflow_name, status = excluded.status, notify_email = excluded.notify_email,
      on_success_notify = excluded.on_success_notify, on_failure_notify = excluded.on_failure_notify,
      created_by = excluded.created_by, created_at = excluded.created_at, document = excluded.document,
      floe_workflow = excluded.floe_workflow, refusals = excluded.refusals, unmapped = excluded.unmapped,
      checksum = excluded.checksum, mapping_version = excluded.mapping_version,
      imported_at = clock_timestamp()`.execute(tx);
}

function documentRow({ imported, refusals, version, checksum }: JudgedDocument) {
  const { legacy } = imported;
  return {
    workflow_id: legacy.workflowId,
    workspace_id: legacy.workspaceId,
    workspace_name: legacy.workspaceName,
    folder_id: legacy.folderId,
    folder_name: legacy.folderName,
    job_id: legacy.jobId,
    job_name: legacy.jobName,
    workflow_name: legacy.workflowName,
    status: legacy.status,
    notify_email: legacy.notifyEmail,
    on_success_notify: legacy.onSuccessNotify,
    on_failure_notify: legacy.onFailureNotify,
    created_by: legacy.createdBy,
    created_at: legacy.createdAt ?? null,
    document: legacy.document,
    floe_workflow: version?.name ?? null,
    refusals,
    unmapped: legacy.unmapped,
    checksum,
    mapping_version: MAPPING_VERSION,
  };
}

async function putNodes(tx: Tx, judged: readonly JudgedDocument[]): Promise<void> {
  const rows = judged.flatMap((each) =>
    each.imported.legacy.nodes.map((node, position) => nodeRow(each, node, position)),
  );
  if (rows.length === 0) return;
  await sql`/* metadata.put_legacy_nodes */
    insert into floe.legacy_node (workflow_id, node_id, position, node_name, node_type, connector_type, connector_category,
      sequence_number, connection_info, field_mappings, transformations, db_details, task_ids)
    select workflow_id, node_id, position, node_name, node_type, connector_type, connector_category, sequence_number,
      connection_info, field_mappings, transformations, db_details, task_ids
    from jsonb_populate_recordset(null::floe.legacy_node, ${JSON.stringify(rows)}::jsonb)`.execute(
    tx,
  );
}

// What the column takes.
const SEQUENCE_MAX = 2_147_483_647;

function nodeRow({ imported, version }: JudgedDocument, node: LegacyNode, position: number) {
  const { sequence, raw } = node;
  const isFitting = sequence !== undefined && Math.abs(sequence) <= SEQUENCE_MAX;
  return {
    workflow_id: imported.legacy.workflowId,
    node_id: node.id,
    position,
    node_name: node.name,
    node_type: node.kind,
    connector_type: node.connectorType,
    connector_category: node.category,
    sequence_number: isFitting ? sequence : null,
    connection_info: raw.connectionInfo,
    field_mappings: raw.fieldMapping,
    transformations: raw.transformations,
    db_details: raw.dbDetails,
    task_ids: version === undefined ? [] : (imported.floe.taskIds.get(node.id) ?? []),
  };
}

async function putDependencies(tx: Tx, judged: readonly JudgedDocument[]): Promise<void> {
  const rows = judged.flatMap(({ imported: { legacy } }) =>
    legacy.dependencies.map(({ child, parent }) => ({
      workflow_id: legacy.workflowId,
      child_node_id: child,
      parent_node_id: parent,
    })),
  );
  if (rows.length === 0) return;
  await sql`/* metadata.put_legacy_dependencies */
    insert into floe.legacy_dependency (workflow_id, child_node_id, parent_node_id)
    select workflow_id, child_node_id, parent_node_id
    from jsonb_populate_recordset(null::floe.legacy_dependency, ${JSON.stringify(rows)}::jsonb)`.execute(
    tx,
  );
}
