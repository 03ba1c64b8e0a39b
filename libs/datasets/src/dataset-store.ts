/** Where datasets lie, so that every executor can read what any has written. Rows go by reference only. */
export type DatasetStore = {
  /**
   * Makes a dataset that lies in the local folder reachable for all executors. Returns its address for the reference.
   * Errors: DATASET_STORE_UNAVAILABLE.
   */
  publish(localPath: string): Promise<string>;
  /**
   * A local path of the dataset: what this executor has written or fetched before is read from its own disk. What is
   * not as it was written is taken for missing, and made again.
   * Errors: DATASET_MISSING, DATASET_STORE_UNAVAILABLE.
   */
  fetch(file: StoredFile): Promise<string>;
  /** Removes the datasets of runs that nobody has written or read since. Returns how many runs that were. */
  collect(beforeMs: number): Promise<number>;
};

/** What a reference says of a file of a dataset. */
export type StoredFile = {
  readonly uri: string;
  readonly bytes?: number;
  /** As `contentHash` tells it. */
  readonly hash?: string;
};

export type StoredBlob = { readonly key: string; readonly modifiedMs: number };

/** Files by key in a store that is shared. Keys are `<run_id>/<task_id>-<epoch>[.<other_task_id>].ipc`. */
export type BlobStore = {
  /** What an address begins with: `nats://bucket/`, `s3://bucket/prefix/`. */
  readonly baseUri: string;
  put(key: string, path: string): Promise<void>;
  /** A file without content, of now. */
  mark(key: string): Promise<void>;
  /** False when there is no such file. */
  get(key: string, path: string): Promise<boolean>;
  /** All of them, in the order of their keys, as they come. */
  list(): AsyncIterable<StoredBlob>;
  remove(key: string): Promise<void>;
};
