/**
 * Tells a store that the datasets of a run are in use, so that its collection goes by age and use: next to them it gets a
 * file without content, whose time is that of the last use.
 */
import type { BlobStore } from './dataset-store.ts';

export const USE_MARK = 'used';

// Datasets are kept for an hour at least. A store is told a few times in that, and not of each read.
const NOTED_EVERY_MS = 15 * 60_000;
// Runs whose last mark is remembered; of one that is forgotten the store is told once more.
const REMEMBERED_MAX = 10_000;

export class UseMarks {
  readonly #blobs: Pick<BlobStore, 'mark'>;
  readonly #notedMs = new Map<string, number>();

  constructor(blobs: Pick<BlobStore, 'mark'>) {
    this.#blobs = blobs;
  }

  /** Never fails: a use that could not be noted costs at most a dataset that is made again. */
  async note(key: string, nowMs: number): Promise<void> {
    const runId = key.slice(0, key.indexOf('/'));
    const noted = this.#notedMs.get(runId) ?? beginOf(runId);
    if (nowMs - noted < NOTED_EVERY_MS) return;
    if (this.#notedMs.size >= REMEMBERED_MAX) this.#notedMs.clear();
    this.#notedMs.set(runId, nowMs);
    await this.#blobs.mark(`${runId}/${USE_MARK}`).catch(() => {});
  }
}

/** A run id begins with its time (RFC 9562, version 7). What a young run wrote is young itself. */
function beginOf(runId: string): number {
  return Number.parseInt(runId.replaceAll('-', '').slice(0, 12), 16);
}
