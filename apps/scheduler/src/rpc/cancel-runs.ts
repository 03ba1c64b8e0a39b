import { toControlError } from '@floe/database';
import { FloeError } from '@floe/errors';
import { CancelRunsResponse, type CancelRunsRequest, type Run } from '@floe/rpc/contracts';
import { GROUP_ID_LENGTH_MAX, GROUP_PAGE_SIZE } from '../limits.ts';
import { runMessage } from '../runs/snapshot.ts';
import { findGroup } from '../store/find-group.ts';
import { cancelInput } from './cancel-run.ts';
import type { RpcContext } from './context.ts';

const BEFORE_ALL_IDS = '00000000-0000-0000-0000-000000000000';

/** Asks all runs of a group to stop. Those that have ended stay as they are; a group without runs is an error. */
export async function cancelRuns(
  context: RpcContext,
  request: CancelRunsRequest,
): Promise<CancelRunsResponse> {
  const groupId = requireGroupId(request.groupId);
  const input = cancelInput(request);
  const runs: Run[] = [];
  let count = 0;
  // A page at a time, in the order of ids: it ends, for runs that join the group meanwhile have higher ids and are few.
  for (let afterRunId = BEFORE_ALL_IDS; ;) {
    const page = await pageOf(context, { groupId, afterRunId, limit: GROUP_PAGE_SIZE });
    count += page.length;
    const going = page.filter(({ isEnded }) => !isEnded);
    const results = await Promise.all(
      going.map(({ runId }) => context.committer.submit(runId, input)),
    );
    // One that has ended in between, or is being cancelled already, is as it should be.
    for (const result of results) {
      if (result.kind !== 'missing') runs.push(runMessage(result.record));
    }
    if (page.length < GROUP_PAGE_SIZE) break;
    afterRunId = page.at(-1)!.runId;
  }
  if (count === 0) throw groupNotFound(groupId);
  return CancelRunsResponse.create({ runs });
}

async function pageOf({ database }: RpcContext, page: Parameters<typeof findGroup>[1]) {
  try {
    return await findGroup(database, page);
  } catch (error) {
    throw toControlError(error);
  }
}

function requireGroupId(groupId: string): string {
  if (groupId !== '' && groupId.length <= GROUP_ID_LENGTH_MAX && !groupId.includes('\u0000')) {
    return groupId;
  }
  throw new FloeError('ARGUMENT_INVALID', 'group_id is no id of a group', {
    violations: [{ field: 'group_id', message: `has 1 to ${GROUP_ID_LENGTH_MAX} characters` }],
  });
}

function groupNotFound(groupId: string): FloeError {
  const message = `no run belongs to the group ${JSON.stringify(groupId)}`;
  return new FloeError('RUN_GROUP_NOT_FOUND', message, { details: { group_id: groupId } });
}
