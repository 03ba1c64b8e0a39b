import type { ServerCall } from '@floe/rpc';
import type { WatchRunRequest, WatchRunResponse } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { parseRunId } from '../run-id.ts';
import { toSequence } from '../sequence.ts';
import { readRunUpdates } from '../watch/run-updates.ts';

export async function* watchRun(
  deps: Deps,
  request: WatchRunRequest,
  call: ServerCall,
): AsyncGenerator<WatchRunResponse, void> {
  const runId = parseRunId(request.runId);
  const afterSequence = toSequence(request.afterSequence);
  yield* readRunUpdates(deps, { runId, afterSequence, signal: call.signal });
}
