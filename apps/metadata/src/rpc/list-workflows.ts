import { FloeError } from '@floe/errors';
import type { ListWorkflowsRequest, ListWorkflowsResponse } from '@floe/rpc/contracts';
import { SEARCH_LENGTH_MAX } from '../limits.ts';
import { listWorkflows } from '../store/workflows.ts';
import type { RpcContext } from './context.ts';
import { cutPage, keyOfToken, pageSize, pageToken } from './paging.ts';
import { workflowMessage } from './workflow-message.ts';

export async function listAllWorkflows(
  { db }: RpcContext,
  request: ListWorkflowsRequest,
): Promise<ListWorkflowsResponse> {
  const { search } = request;
  if (search.length > SEARCH_LENGTH_MAX || search.includes('\u0000')) {
    throw new FloeError(
      'ARGUMENT_INVALID',
      `search has more than ${SEARCH_LENGTH_MAX} characters or a NUL`,
    );
  }
  const size = pageSize(request.pageSize);
  // The token belongs to the search too: another search is another list.
  const list = `workflows ${search}`;
  const after = keyOfToken(list, request.pageToken) ?? '';
  const rows = await listWorkflows(db, { after, limit: size + 1, search });
  const page = cutPage(rows, size, (last) => pageToken(list, last.name));
  return { workflows: page.rows.map(workflowMessage), nextPageToken: page.nextPageToken };
}
