import type {
  ListWorkflowVersionsRequest,
  ListWorkflowVersionsResponse,
} from '@floe/rpc/contracts';
import { findWorkflow, listVersions } from '../store/workflows.ts';
import type { RpcContext } from './context.ts';
import { workflowNotFound } from './get-workflow.ts';
import { cutPage, keyOfToken, pageSize, pageToken, wrongToken } from './paging.ts';
import { versionMessage } from './workflow-message.ts';

// Above every version number that a row can hold.
const BEFORE_ALL = 2_147_483_647;

export async function listWorkflowVersions(
  context: RpcContext,
  request: ListWorkflowVersionsRequest,
): Promise<ListWorkflowVersionsResponse> {
  const { name } = request;
  if ((await findWorkflow(context.db, name)) === undefined)
    throw await workflowNotFound(context, name);
  const size = pageSize(request.pageSize);
  const list = `versions of ${name}`;
  const before = Number(keyOfToken(list, request.pageToken) ?? BEFORE_ALL);
  if (!Number.isInteger(before) || before > BEFORE_ALL) throw wrongToken(list);
  const rows = await listVersions(context.db, name, { before, limit: size + 1 });
  const page = cutPage(rows, size, (last) => pageToken(list, String(last.version)));
  return { versions: page.rows.map(versionMessage), nextPageToken: page.nextPageToken };
}
