import { isUuid } from '@floe/errors';
import type { BlobStore, StoredBlob } from './dataset-store.ts';
import { isDatasetKey } from './local-folder.ts';
import { USE_MARK } from './use-marks.ts';

// Files that one pass removes; what is left waits for the next pass.
const REMOVED_PER_PASS = 10_000;

/** Removes the datasets of runs that were neither written nor read since. Returns how many runs that were. */
export async function collectBlobs(blobs: BlobStore, beforeMs: number): Promise<number> {
  let [runs, files] = [0, 0];
  for await (const run of groupByRun(blobs.list())) {
    if (run.some(({ modifiedMs }) => modifiedMs >= beforeMs)) continue;
    for (const { key } of run) await blobs.remove(key);
    runs += 1;
    files += run.length;
    if (files >= REMOVED_PER_PASS) break;
  }
  return runs;
}

/** Keys come in order, so that those of a run follow each other. */
async function* groupByRun(
  blobs: AsyncIterable<StoredBlob>,
): AsyncGenerator<readonly StoredBlob[], void, undefined> {
  let [runId, run]: [string, StoredBlob[]] = ['', []];
  for await (const blob of blobs) {
    const [owner = '', name] = blob.key.split('/');
    if (!isDatasetKey(blob.key) && !(isUuid(owner) && name === USE_MARK)) continue;
    if (owner !== runId && run.length > 0) yield run;
    if (owner !== runId) [runId, run] = [owner, []];
    run.push(blob);
  }
  if (run.length > 0) yield run;
}
