import type { Bus } from '@floe/bus';
import type { BlobStore } from './dataset-store.ts';

const BUCKET = 'floe-datasets';

/** The object store of the NATS that Floe has anyway: for some hundred GiB, without another service. */
export function natsBlobs(bus: Pick<Bus, 'objects'>): BlobStore {
  const objects = bus.objects(BUCKET);
  return {
    baseUri: `nats://${BUCKET}/`,
    put: (key, path) => objects.put(key, path),
    mark: (key) => objects.mark(key),
    get: (key, path) => objects.get(key, path),
    async *list() {
      const all = await objects.list();
      const sorted = all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      for (const { name: key, modifiedMs } of sorted) yield { key, modifiedMs };
    },
    remove: (key) => objects.remove(key),
  };
}
