import { FloeError } from '@floe/errors';
import { CancelRunResponse, type CancelRunRequest } from '@floe/rpc/contracts';
import { CANCEL_REASON_LENGTH_MAX } from '../limits.ts';
import { runMessage } from '../runs/snapshot.ts';
import type { RpcContext } from './context.ts';
import { requireRunId } from './run-id.ts';

/** Asks a run to stop. Idempotent while it is cancelling; a run that has ended is refused. */
export async function cancelRun(
  context: RpcContext,
  request: CancelRunRequest,
): Promise<CancelRunResponse> {
  const runId = requireRunId(request.runId);
  const reason = request.reason.slice(0, CANCEL_REASON_LENGTH_MAX) || 'cancelled on request';
  const result = await context.committer.submit(runId, { type: 'cancel', reason });
  if (result.kind === 'missing') throw runNotFound(runId);
  if (result.kind === 'refused' && result.refusal === 'run_ended') {
    const { status } = result.record.state;
    throw new FloeError('RUN_ALREADY_ENDED', `run ${runId} has ended as ${status}`, {
      details: { run_id: runId, state: status },
    });
  }
  return CancelRunResponse.create({ run: runMessage(result.record) });
}

function runNotFound(runId: string): FloeError {
  return new FloeError('RUN_NOT_FOUND', `no run has the id ${runId}`, {
    details: { run_id: runId },
  });
}
