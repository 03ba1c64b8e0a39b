import { FloeError, isUuid } from '@floe/errors';
import {
  CancelBackfillResponse,
  GetBackfillResponse,
  PauseBackfillResponse,
  ResumeBackfillResponse,
  type Backfill,
  type CancelBackfillRequest,
  type GetBackfillRequest,
  type ListBackfillsRequest,
  type ListBackfillsResponse,
  type PauseBackfillRequest,
  type ResumeBackfillRequest,
} from '@floe/rpc/contracts';
import { changeBackfill, listBackfills } from '../store/schedules/backfills.ts';
import { backfillMessage, requireBackfill } from './backfill-message.ts';
import { cutPage, keyOfToken, pageSize } from './paging.ts';
import type { ScheduleRpcContext } from './schedule-context.ts';

export async function getBackfill(
  context: ScheduleRpcContext,
  { backfillId }: GetBackfillRequest,
): Promise<GetBackfillResponse> {
  const row = await requireBackfill(context, backfillId);
  return GetBackfillResponse.create({ backfill: backfillMessage(row) });
}

// Above every id there is.
const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export async function listAllBackfills(
  context: ScheduleRpcContext,
  request: ListBackfillsRequest,
): Promise<ListBackfillsResponse> {
  const { workflowName } = request;
  if (workflowName.includes('\u0000')) throw new FloeError('ARGUMENT_INVALID', 'a NUL in a name');
  const size = pageSize(request.pageSize);
  const list = `backfills ${workflowName}`;
  const before = keyOfToken({ list, isKey: isUuid }, request.pageToken) ?? AFTER_ALL;
  const rows = await listBackfills(context.db, { before, limit: size + 1, workflowName });
  const page = cutPage(rows, { list, size, keyOf: (row) => row.backfill_id });
  return { backfills: page.rows.map(backfillMessage), nextPageToken: page.nextPageToken };
}

type Change = { readonly verb: string; readonly from: readonly string[]; readonly to: string };

const PAUSE: Change = { verb: 'paused', from: ['running'], to: 'paused' };
const RESUME: Change = { verb: 'resumed', from: ['paused'], to: 'running' };
const CANCEL: Change = { verb: 'cancelled', from: ['running', 'paused'], to: 'cancelling' };

export async function pauseBackfill(
  context: ScheduleRpcContext,
  request: PauseBackfillRequest,
): Promise<PauseBackfillResponse> {
  const backfill = await change(context, request.backfillId, PAUSE);
  return PauseBackfillResponse.create({ backfill });
}

export async function resumeBackfill(
  context: ScheduleRpcContext,
  request: ResumeBackfillRequest,
): Promise<ResumeBackfillResponse> {
  const backfill = await change(context, request.backfillId, RESUME);
  return ResumeBackfillResponse.create({ backfill });
}

export async function cancelBackfill(
  context: ScheduleRpcContext,
  request: CancelBackfillRequest,
): Promise<CancelBackfillResponse> {
  const backfill = await change(context, request.backfillId, CANCEL);
  return CancelBackfillResponse.create({ backfill });
}

/** Idempotent: what is so already, or on the way there, is left as it is. */
async function change(
  context: ScheduleRpcContext,
  backfillId: string,
  { verb, from, to }: Change,
): Promise<Backfill> {
  const before = await requireBackfill(context, backfillId);
  await changeBackfill(context.db, before.backfill_id, { from, to });
  const after = await requireBackfill(context, backfillId);
  const isSo = after.state === to || (to === 'cancelling' && after.state === 'cancelled');
  if (isSo) return backfillMessage(after);
  throw new FloeError(
    'BACKFILL_ALREADY_ENDED',
    `backfill ${backfillId} is ${after.state} and cannot be ${verb}`,
    { hint: 'What is missing can be run with another: floe backfill start --only-missing' },
  );
}
