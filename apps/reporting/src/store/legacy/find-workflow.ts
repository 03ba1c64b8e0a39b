import { sql } from 'kysely';
import type {
  FindLegacyWorkflowRequest,
  FindLegacyWorkflowResponse,
} from '@floe/rpc/internal-contracts';
import type { Deps } from '../../deps.ts';

type WorkflowRow = {
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly is_active: boolean;
  readonly floe_workflow: string | null;
  readonly refusals: readonly { readonly path?: string; readonly message?: string }[];
};

/** An imported workflow by its old id, or another one of Floe by its name. */
export async function findLegacyWorkflow(
  { db }: Deps,
  { workflowId }: FindLegacyWorkflowRequest,
): Promise<FindLegacyWorkflowResponse> {
  const { rows } = await sql<WorkflowRow>`
    select workflow_id, workflow_name, status = 'Active' as is_active, floe_workflow, refusals
    from legacy_workflow where workflow_id = ${workflowId}
    union all
    select name, name, not is_deleted, name, '[]' from own_workflow where name = ${workflowId}
    limit 1`.execute(db);
  const [row] = rows;
  if (row === undefined) return { workflow: undefined };
  const workflow = {
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    isActive: row.is_active,
    floeWorkflow: row.floe_workflow ?? '',
    refusals: row.refusals.map(({ path = '', message = '' }) => `${path} ${message}`.trim()),
  };
  return { workflow };
}
