import { isRunEnded, type RunState } from '@floe/engine';
import { FloeError } from '@floe/errors';

export function runNotFound(runId: string): FloeError {
  return new FloeError('RUN_NOT_FOUND', `no run has the id ${runId}`, {
    details: { run_id: runId },
  });
}

/** The error for what cannot be done to a run in its present state. */
export function refusedRun(runId: string, { status }: Pick<RunState, 'status'>): FloeError {
  const details = { run_id: runId, state: status };
  if (isRunEnded(status)) {
    const message = `run ${runId} has ended as ${status}`;
    const hint = 'What did not succeed can be run again: floe runs retry RUN';
    return new FloeError('RUN_ALREADY_ENDED', message, { details, hint });
  }
  return new FloeError('RUN_STATE_CONFLICT', `run ${runId} is ${status}`, { details });
}
