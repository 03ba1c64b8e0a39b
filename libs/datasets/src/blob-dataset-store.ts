/**
 * Datasets in a store of files that is reached over the network, with a local folder in front of it.
 *
 *   B1. What this executor has written or fetched is read from its own disk.
 *   B2. A fetched file appears whole under its name or not at all; two fetches of the same share one transfer.
 *   B3. An address is only followed when it names a dataset of this very store.
 *   B4. What was fetched is what was published, byte for byte, or it is missing.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FloeError, toFloeError } from '@floe/errors';
import { collectBlobs } from './collect-blobs.ts';
import { contentHash } from './content-hash.ts';
import type { BlobStore, DatasetStore, StoredFile } from './dataset-store.ts';
import { datasetMissing } from './directory-store.ts';
import { collectFolder, isDatasetKey, isWholeFile, keyOfPath, noteUse } from './local-folder.ts';
import { UseMarks } from './use-marks.ts';

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
  const marks = new UseMarks(blobs);
  return {
    async publish(localPath) {
      const key = keyOfPath(folder, localPath);
      await guarded(() => blobs.put(key, localPath));
      return blobs.baseUri + key;
    },
    async fetch(file) {
      const { uri, bytes } = file;
      const key = uri.startsWith(blobs.baseUri) ? uri.slice(blobs.baseUri.length) : '';
      if (!isDatasetKey(key)) throw datasetMissing(uri); // B3
      await marks.note(key, now());
      const path = join(folder, key);
      if (await isWholeFile(path, bytes)) {
        await noteUse(path, now());
        return path; // B1
      }
      const underWay =
        fetching.get(key) ?? transfer(blobs, file, path).finally(() => fetching.delete(key));
      fetching.set(key, underWay); // B2
      return underWay;
    },
    async collect(beforeMs) {
      await collectFolder(folder, beforeMs);
      return guarded(() => collectBlobs(blobs, beforeMs));
    },
  };
}

async function transfer(blobs: BlobStore, file: StoredFile, path: string): Promise<string> {
  const { uri } = file;
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${randomUUID()}`;
  try {
    const isThere = await guarded(() => blobs.get(uri.slice(blobs.baseUri.length), partial));
    if (!isThere) throw datasetMissing(uri);
    await requireSame(partial, file);
    await rename(partial, path);
    return path;
  } finally {
    await rm(partial, { force: true });
  }
}

/** B4. The size is looked at first: it says more than a hash. */
async function requireSame(path: string, { uri, bytes, hash }: StoredFile): Promise<void> {
  const { size } = await stat(path);
  if (bytes !== undefined && size !== bytes)
    throw datasetMissing(uri, `has ${size} bytes in the store, and ${bytes} were written`);
  if (hash !== undefined && (await contentHash(path)) !== hash)
    throw datasetMissing(uri, 'has other content in the store than was written');
}

async function guarded<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof FloeError && thrown.code.startsWith('DATASET_')) throw thrown;
    const { message, hint } = toFloeError(thrown);
    const text = `the store of datasets does not answer: ${message}`;
    throw new FloeError('DATASET_STORE_UNAVAILABLE', text, {
      cause: thrown,
      hint: hint ?? 'Check FLOE_DATASET_STORE of the executor, and the store itself.',
    });
  }
}
