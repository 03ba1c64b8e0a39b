import { CANCEL_GRACE_MS_MAX, isRunEnded } from '@floe/engine';
import { FloeError } from '@floe/errors';
import { CancelRunResponse, type CancelRunRequest } from '@floe/rpc/contracts';
import type { SubmittedInput } from '@floe/scheduling';
import { CANCEL_REASON_LENGTH_MAX } from '../limits.ts';
import { runMessage } from '../runs/snapshot.ts';
import type { RpcContext } from './context.ts';
import { refusedRun, runNotFound } from './refused-run.ts';
import { requireRunId } from './run-id.ts';

/** Asks a run to stop. Idempotent while it is cancelling; a run that has ended is refused. */
export async function cancelRun(
  context: RpcContext,
  request: CancelRunRequest,
): Promise<CancelRunResponse> {
  const runId = requireRunId(request.runId);
  const result = await context.committer.submit(runId, cancelInput(request));
  if (result.kind === 'missing') throw runNotFound(runId);
  if (result.kind === 'refused' && isRunEnded(result.record.state.status)) {
    throw refusedRun(runId, result.record.state);
  }
  return CancelRunResponse.create({ run: runMessage(result.record) });
}

export function cancelInput(request: Pick<CancelRunRequest, 'reason' | 'graceMs'>): SubmittedInput {
  const graceMs = requireGrace(request.graceMs);
  const reason = request.reason.slice(0, CANCEL_REASON_LENGTH_MAX) || 'cancelled on request';
  return { type: 'cancel', reason, graceMs };
}

function requireGrace(graceMs: bigint): number {
  if (graceMs >= 0n && graceMs <= BigInt(CANCEL_GRACE_MS_MAX)) return Number(graceMs);
  const message = `grace_ms is from 0 to ${CANCEL_GRACE_MS_MAX}, not ${graceMs}`;
  throw new FloeError('ARGUMENT_INVALID', message, {
    violations: [{ field: 'grace_ms', message: 'is out of range' }],
  });
}
