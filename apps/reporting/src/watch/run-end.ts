import type { Deps } from '../deps.ts';
import { runNotFound } from '../run-id.ts';
import { isFinalRunState } from '../states.ts';
import { readRunHead } from '../store/read-runs.ts';
import { RunWake } from './run-wake.ts';

// The bus wakes at once; a wake-up that was missed costs this much.
const POLL_MS = 1_000;

/** Resolves when the run has ended or the signal is aborted. Throws RUN_NOT_FOUND, DATABASE_UNAVAILABLE. */
export async function waitForRunEnd(deps: Deps, runId: string, signal: AbortSignal): Promise<void> {
  using wake = new RunWake(deps.bus, { runId, signal });
  while (!signal.aborted) {
    const head = await readRunHead(deps.db, runId);
    if (head === undefined) throw runNotFound(runId);
    if (isFinalRunState(head.state)) return;
    await wake.wait(POLL_MS);
  }
}
