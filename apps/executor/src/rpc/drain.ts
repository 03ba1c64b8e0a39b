import { FloeError } from '@floe/errors';
import { DrainResponse } from '@floe/rpc/contracts';
import type { DrainRequest } from '@floe/rpc/contracts';
import type { ExecutorContext } from '../executor-context.ts';

const DEFAULT_DEADLINE_MS = 30_000;
// A task may need an hour by default; who wants to wait longer drains again.
const DEADLINE_MS_MAX = 3_600_000;

/** Begins to drain and answers at once; GetStatus tells how it goes. */
export async function drain(
  { execution, describe, log }: ExecutorContext,
  request: DrainRequest,
): Promise<DrainResponse> {
  const deadlineMs = Number(request.deadlineMs) || DEFAULT_DEADLINE_MS;
  if (deadlineMs < 0 || deadlineMs > DEADLINE_MS_MAX) {
    throw new FloeError('ARGUMENT_INVALID', `deadline_ms is ${deadlineMs}`, {
      violations: [{ field: 'deadline_ms', message: 'must be from 1 to 3600000' }],
      hint: 'give at most one hour, or leave it out for 30 seconds',
    });
  }
  log.info({ deadline_ms: deadlineMs }, 'asked to drain');
  execution.drain(deadlineMs);
  return DrainResponse.create({ executor: describe(), runningAttempts: execution.attempts.size });
}
