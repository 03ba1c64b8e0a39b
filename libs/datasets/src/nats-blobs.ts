import type { Bus } from '@floe/bus';
import type { BlobStore } from './dataset-store.ts';

const BUCKET = 'floe-datasets';

/** The object store of the NATS that Floe has anyway: for some hundred GiB, without another service. */
export function natsBlobs(bus: Pick<Bus, 'objects'>): BlobStore {
  const objects = bus.objects(BUCKET);
  return {
    baseUri: `nats://${BUCKET}/`,
    put: (key, path) => objects.put(key, path),
    get: (key, path) => objects.get(key, path),
    list: async (limit) =>
      (await objects.list())
        .slice(0, limit)
        .map(({ name, modifiedMs }) => ({ key: name, modifiedMs })),
    remove: (key) => objects.remove(key),
  };
}
