import { fileURLToPath, pathToFileURL } from 'node:url';
import { FloeError } from '@floe/errors';
import type { DatasetStore } from './dataset-store.ts';
import { collectFolder, isFile, noteUse } from './local-folder.ts';

/** A folder that all executors see: a disk of one machine, or a network file system. */
export function openDirectoryStore(folder: string, now: () => number): DatasetStore {
  return {
    publish: (localPath) => Promise.resolve(pathToFileURL(localPath).href),
    async fetch(uri) {
      const path = uri.startsWith('file:///') ? fileURLToPath(uri) : undefined;
      if (path === undefined || !(await isFile(path))) throw datasetMissing(uri);
      await noteUse(path, now());
      return path;
    },
    collect: (beforeMs) => collectFolder(folder, beforeMs),
  };
}

export function datasetMissing(uri: string): FloeError {
  return new FloeError('DATASET_MISSING', `the dataset ${uri} is gone`, {
    details: { uri },
    hint: 'Retry the run from the task that made it: floe runs retry RUN --from TASK.',
  });
}
