/**
 * Datasets in a store of files that is reached over the network, with a local folder in front of it.
 *
 *   B1. What this executor has written or fetched is read from its own disk.
 *   B2. A fetched file appears whole under its name or not at all; two fetches of the same share one transfer.
 *   B3. An address is only followed when it names a dataset of this very store.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FloeError, toFloeError } from '@floe/errors';
import type { BlobStore, DatasetStore } from './dataset-store.ts';
import { datasetMissing } from './directory-store.ts';
import { collectFolder, isDatasetKey, isFile, keyOfPath, noteUse } from './local-folder.ts';

// Files that one pass of the collection looks at; what is left waits for the next pass.
const BLOBS_PER_PASS = 10_000;

export type BlobDatasetStoreOptions = {
  readonly blobs: BlobStore;
  /** Absolute; the executor's own. */
  readonly folder: string;
  readonly now: () => number;
};

export function openBlobDatasetStore({
  blobs,
  folder,
  now,
}: BlobDatasetStoreOptions): DatasetStore {
  const fetching = new Map<string, Promise<string>>();
  return {
    async publish(localPath) {
      const key = keyOfPath(folder, localPath);
      await guarded(() => blobs.put(key, localPath));
      return blobs.baseUri + key;
    },
    async fetch(uri) {
      const key = uri.startsWith(blobs.baseUri) ? uri.slice(blobs.baseUri.length) : '';
      if (!isDatasetKey(key)) throw datasetMissing(uri); // B3
      const path = join(folder, key);
      if (await isFile(path)) {
        await noteUse(path, now());
        return path; // B1
      }
      const underWay =
        fetching.get(key) ?? transfer(blobs, key, path).finally(() => fetching.delete(key));
      fetching.set(key, underWay); // B2
      return underWay;
    },
    async collect(beforeMs) {
      await collectFolder(folder, beforeMs);
      return collectBlobs(blobs, beforeMs);
    },
  };
}

async function transfer(blobs: BlobStore, key: string, path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${randomUUID()}`;
  try {
    const isThere = await guarded(() => blobs.get(key, partial));
    if (!isThere) throw datasetMissing(blobs.baseUri + key);
    await rename(partial, path);
    return path;
  } finally {
    await rm(partial, { force: true });
  }
}

async function collectBlobs(blobs: BlobStore, beforeMs: number): Promise<number> {
  const old = (await guarded(() => blobs.list(BLOBS_PER_PASS))).filter(
    ({ key, modifiedMs }) => modifiedMs < beforeMs && isDatasetKey(key),
  );
  for (const { key } of old) await guarded(() => blobs.remove(key));
  return old.length;
}

async function guarded<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof FloeError && thrown.code === 'DATASET_MISSING') throw thrown;
    const { message } = toFloeError(thrown);
    throw new FloeError(
      'DATASET_STORE_UNAVAILABLE',
      `the store of datasets does not answer: ${message}`,
      {
        cause: thrown,
        hint: 'Check FLOE_DATASET_STORE of the executor, and the store itself.',
      },
    );
  }
}
