import {
  PauseRunResponse,
  ResumeRunResponse,
  type PauseRunRequest,
  type ResumeRunRequest,
} from '@floe/rpc/contracts';
import type { SubmittedInput } from '@floe/scheduling';
import { runMessage } from '../runs/snapshot.ts';
import type { RpcContext } from './context.ts';
import { refusedRun, runNotFound } from './refused-run.ts';
import { requireRunId } from './run-id.ts';

/** Lets nothing new begin. Pausing a paused run changes nothing. */
export async function pauseRun(
  context: RpcContext,
  request: PauseRunRequest,
): Promise<PauseRunResponse> {
  const run = await steer(context, request.runId, { input: { type: 'pause' }, already: 'paused' });
  return PauseRunResponse.create({ run });
}

/** Goes on with a paused run. Resuming one that is not paused changes nothing. */
export async function resumeRun(
  context: RpcContext,
  request: ResumeRunRequest,
): Promise<ResumeRunResponse> {
  const input = { type: 'resume' } as const;
  const run = await steer(context, request.runId, { input, already: 'not_paused' });
  return ResumeRunResponse.create({ run });
}

type Steering = {
  readonly input: SubmittedInput;
  /** The refusal that says that the run is so already. */
  readonly already: string;
};

async function steer(context: RpcContext, id: string, { input, already }: Steering) {
  const runId = requireRunId(id);
  const result = await context.committer.submit(runId, input);
  if (result.kind === 'missing') throw runNotFound(runId);
  if (result.kind === 'refused' && result.refusal !== already) {
    throw refusedRun(runId, result.record.state);
  }
  return runMessage(result.record);
}
