export { contentHash } from './content-hash.ts';
export type { BlobStore, DatasetStore, StoredFile } from './dataset-store.ts';
export { openDatasetStore } from './open-dataset-store.ts';
export type { OpenDatasetStoreOptions } from './open-dataset-store.ts';
