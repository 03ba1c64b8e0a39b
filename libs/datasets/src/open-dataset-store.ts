import type { Bus } from '@floe/bus';
import { FloeError } from '@floe/errors';
import { openBlobDatasetStore } from './blob-dataset-store.ts';
import type { DatasetStore } from './dataset-store.ts';
import { openDirectoryStore } from './directory-store.ts';
import { natsBlobs } from './nats-blobs.ts';
import { parseS3Location, s3Blobs } from './s3-blobs.ts';

export type OpenDatasetStoreOptions = {
  /** `directory`, `nats` or `s3://bucket/prefix`. */
  readonly store: string;
  /** Absolute: the datasets themselves, or those that this executor has at hand. */
  readonly folder: string;
  readonly bus: Pick<Bus, 'objects'>;
  readonly now: () => number;
};

/** The store of FLOE_DATASET_STORE. Errors: CONFIGURATION_INVALID. */
export function openDatasetStore(
  options: OpenDatasetStoreOptions,
): DatasetStore & { close(): void } {
  const { store, folder, bus, now } = options;
  if (store === 'directory') return { ...openDirectoryStore(folder, now), close: () => {} };
  if (store === 'nats') {
    return { ...openBlobDatasetStore({ blobs: natsBlobs(bus), folder, now }), close: () => {} };
  }
  const location = parseS3Location(store);
  if (location === undefined) {
    throw new FloeError('CONFIGURATION_INVALID', `FLOE_DATASET_STORE is ${JSON.stringify(store)}`, {
      details: { variable: 'FLOE_DATASET_STORE' },
      hint: 'It is directory, nats or s3://bucket/prefix.',
    });
  }
  const blobs = s3Blobs(location);
  return { ...openBlobDatasetStore({ blobs, folder, now }), close: () => blobs.close() };
}
