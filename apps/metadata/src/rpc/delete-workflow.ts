import type { DeleteWorkflowRequest, DeleteWorkflowResponse } from '@floe/rpc/contracts';
import { hideWorkflow } from '../store/workflows.ts';
import type { RpcContext } from './context.ts';
import { workflowNotFound } from './get-workflow.ts';

/** Hides a workflow; applying its document again brings it back with its versions. */
export async function deleteWorkflow(
  context: RpcContext,
  request: DeleteWorkflowRequest,
): Promise<DeleteWorkflowResponse> {
  const wasThere = await hideWorkflow(context.db, request.name, request.expectedVersion);
  if (!wasThere) throw await workflowNotFound(context, request.name);
  return {};
}
