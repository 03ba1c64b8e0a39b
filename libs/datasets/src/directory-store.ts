import { fileURLToPath, pathToFileURL } from 'node:url';
import { FloeError } from '@floe/errors';
import type { DatasetStore } from './dataset-store.ts';
import { collectFolder, isWholeFile, noteUse } from './local-folder.ts';

/** A folder that all executors see: a disk of one machine, or a network file system. */
export function openDirectoryStore(folder: string, now: () => number): DatasetStore {
  return {
    publish: (localPath) => Promise.resolve(pathToFileURL(localPath).href),
    async fetch({ uri, bytes }) {
      const path = uri.startsWith('file:///') ? fileURLToPath(uri) : undefined;
      if (path === undefined || !(await isWholeFile(path, bytes))) throw datasetMissing(uri);
      await noteUse(path, now());
      return path;
    },
    collect: (beforeMs) => collectFolder(folder, beforeMs),
  };
}

export function datasetMissing(uri: string, why = 'is gone'): FloeError {
  return new FloeError('DATASET_MISSING', `the dataset ${uri} ${why}`, {
    details: { uri },
    hint: 'Retry the run from the task that made it: floe runs retry RUN --from TASK.',
  });
}
