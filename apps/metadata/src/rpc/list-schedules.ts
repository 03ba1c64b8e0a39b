import type { ListSchedulesRequest, ListSchedulesResponse } from '@floe/rpc/contracts';
import { findWorkflow } from '../store/workflows.ts';
import { listSchedules } from '../store/schedules.ts';
import type { RpcContext } from './context.ts';
import { workflowNotFound } from './get-workflow.ts';
import { cutPage, keyOfToken, pageSize, pageToken } from './paging.ts';
import { scheduleMessage } from './schedule-message.ts';

export async function listAllSchedules(
  context: RpcContext,
  request: ListSchedulesRequest,
): Promise<ListSchedulesResponse> {
  const { workflowName } = request;
  const size = pageSize(request.pageSize);
  const list = `schedules ${workflowName}`;
  const after = keyOfToken(list, request.pageToken) ?? '';
  if (workflowName !== '' && (await findWorkflow(context.db, workflowName)) === undefined) {
    throw await workflowNotFound(context, workflowName);
  }
  const rows = await listSchedules(context.db, { after, limit: size + 1, workflowName });
  const page = cutPage(rows, size, (last) => pageToken(list, last.schedule_id));
  return {
    schedules: page.rows.map((row) => scheduleMessage(context, row)),
    nextPageToken: page.nextPageToken,
  };
}
