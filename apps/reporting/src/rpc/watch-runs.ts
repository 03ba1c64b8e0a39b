import type { ServerCall } from '@floe/rpc';
import type { WatchRunsResponse } from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { ChangedRuns } from '../watch/changed-runs.ts';

// What changes within it is told together: as soon as an eye sees it, and ten messages a second at most.
const GATHER_MS = 100;
// Proxies close streams that are silent for a minute; clients take three of these as the end of a connection.
const HEARTBEAT_MS = 10_000;

export async function* watchRuns(
  { bus }: Pick<Deps, 'bus'>,
  { signal }: Pick<ServerCall, 'signal'>,
): AsyncGenerator<WatchRunsResponse, void> {
  using changed = new ChangedRuns(bus, signal);
  yield { runIds: [] };
  while (!signal.aborted) {
    yield { runIds: await changed.next(HEARTBEAT_MS) };
    await changed.pause(GATHER_MS);
  }
}
