import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connectBus, type Bus } from '@floe/bus';
import { createLogger } from '@floe/telemetry';
import { startTestNats, type TestNats } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ContentHash } from '../src/content-hash.ts';
import { contentHash, openDatasetStore, type DatasetStore } from '../src/index.ts';

let nats: TestNats;
let bus: Bus;
let root: string;
const HOUR_MS = 3_600_000;
const clock = { now: Date.now() };
// An S3 server to check against, as the standard variables name it, with a bucket `floe-test`.
const s3 = process.env['AWS_ENDPOINT_URL_S3'];
const STORES = ['directory', 'nats', ...(s3 === undefined ? [] : ['s3://floe-test/some/prefix'])];

beforeAll(async () => {
  nats = await startTestNats();
  root = await mkdtemp(join(tmpdir(), 'floe-datasets-'));
  bus = await connectBus({
    urls: [nats.url],
    name: 'test',
    log: createLogger('test', { level: 'silent' }),
  });
  if (s3 === undefined) console.log('S3 is not checked: AWS_ENDPOINT_URL_S3 names no server');
});
afterAll(async () => {
  await bus.stop();
  await nats.stop();
  await rm(root, { recursive: true });
});

/** The store as one executor sees it: on its own disk, except where the folder is what they share. */
function openOn(store: string, host: string): DatasetStore & { folder: string } {
  const folder = join(root, store === 'directory' ? 'shared' : host);
  return { ...openDatasetStore({ store, folder, bus, now: () => clock.now }), folder };
}

async function writeDataset(folder: string, content: Buffer): Promise<string> {
  const path = join(folder, randomUUID(), 'rows-1.ipc');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

test.each(STORES)('%s: what one executor publishes another reads, of any size', async (store) => {
  const [writer, reader] = [openOn(store, 'a'), openOn(store, 'b')];
  for (const size of [0, 17, 3_000_001]) {
    const content = randomBytes(size);
    const uri = await writer.publish(await writeDataset(writer.folder, content));
    const paths = await Promise.all([reader.fetch(uri), reader.fetch(uri)]);
    for (const path of paths) expect((await readFile(path)).equals(content)).toBe(true);
  }
});

test.each(STORES)('%s: an executor reads its own output from its own disk', async (store) => {
  const writer = openOn(store, 'a');
  const path = await writeDataset(writer.folder, Buffer.from('own'));
  expect(await writer.fetch(await writer.publish(path))).toBe(path);
});

test.each(STORES)(
  '%s: a dataset that is gone is told as such, and so is a foreign address',
  async (store) => {
    const [writer, reader] = [openOn(store, 'a'), openOn(store, 'c')];
    const uri = await writer.publish(await writeDataset(writer.folder, Buffer.from('x')));
    const other = uri.replace('rows-1.ipc', 'rows-2.ipc');
    for (const wrong of [other, 'nats://elsewhere/x', `${dirname(uri)}/../../secret`, '']) {
      await expect(reader.fetch(wrong)).rejects.toMatchObject({ code: 'DATASET_MISSING' });
    }
  },
);

test('datasets go with age, unless somebody has read them since', async () => {
  const store = openOn('directory', 'a');
  const [used, unused] = [
    await writeDataset(store.folder, Buffer.from('used')),
    await writeDataset(store.folder, Buffer.from('unused')),
  ];
  const [usedUri, unusedUri] = [await store.publish(used), await store.publish(unused)];
  const old = new Date(clock.now - 2 * HOUR_MS);
  for (const path of [used, unused]) await utimes(dirname(path), old, old);
  await store.fetch(usedUri);
  expect(await store.collect(clock.now - HOUR_MS)).toBe(1);
  expect(await store.fetch(usedUri)).toBe(used);
  await expect(store.fetch(unusedUri)).rejects.toMatchObject({ code: 'DATASET_MISSING' });
});

test.each(STORES.slice(1))('%s: old files leave the store, new ones stay', async (store) => {
  const [writer, reader] = [openOn(store, 'a'), openOn(store, 'd')];
  const uri = await writer.publish(await writeDataset(writer.folder, Buffer.from('old')));
  expect(await reader.collect(Date.now() - HOUR_MS)).toBe(0);
  expect(await reader.collect(Date.now() + HOUR_MS)).toBeGreaterThan(0);
  await expect(reader.fetch(uri)).rejects.toMatchObject({ code: 'DATASET_MISSING' });
});

test('a store that does not answer is no missing dataset', async () => {
  const folder = join(root, 'broken');
  const broken = { objects: () => ({ get: () => Promise.reject(new Error('cut')) }) } as never;
  const store = openDatasetStore({ store: 'nats', folder, bus: broken, now: () => 0 });
  const uri = `nats://floe-datasets/${randomUUID()}/rows-1.ipc`;
  await expect(store.fetch(uri)).rejects.toMatchObject({ code: 'DATASET_STORE_UNAVAILABLE' });
});

test.each(['s3://', 'ftp://x', 's3://Bucket_/x', ''])('%j is no store', (store) => {
  expect(() => openDatasetStore({ store, folder: root, bus, now: () => 0 })).toThrow(
    expect.objectContaining({ code: 'CONFIGURATION_INVALID' }),
  );
});

test('the hash of a dataset is of its content alone', async () => {
  const content = randomBytes(3 * 1024 * 1024 + 5);
  const path = await writeDataset(root, content);
  const same = await writeDataset(root, content);
  expect(await contentHash(path)).toBe(await contentHash(same));
  content[2 * 1024 * 1024 + 3]! ^= 1;
  expect(await contentHash(await writeDataset(root, content))).not.toBe(await contentHash(path));
  const shorter = await writeDataset(root, content.subarray(0, content.length - 1));
  expect(await contentHash(shorter)).not.toBe(await contentHash(path));
});

test('the hash of a dataset does not depend on the pieces in which it was written', async () => {
  const content = randomBytes(2 * 1024 * 1024 + 77);
  const path = await writeDataset(root, content);
  const hash = new ContentHash();
  for (let at = 0; at < content.length; at += 700_001)
    hash.update(content.subarray(at, at + 700_001));
  expect(hash.digest()).toBe(await contentHash(path));
});
