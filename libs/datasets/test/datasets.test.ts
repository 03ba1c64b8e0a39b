import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connectBus, type Bus } from '@floe/bus';
import { createLogger } from '@floe/telemetry';
import { startTestNats, type TestNats } from '@floe/testing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ContentHash } from '../src/content-hash.ts';
import { openBlobDatasetStore } from '../src/blob-dataset-store.ts';
import { contentHash, openDatasetStore, type DatasetStore, type StoredFile } from '../src/index.ts';
import { parseS3Location, s3Blobs } from '../src/s3-blobs.ts';
import { startS3Server, type S3Server } from './s3-server.ts';

let nats: TestNats;
let bus: Bus;
let root: string;
let server: S3Server;
const HOUR_MS = 3_600_000;
const clock = { now: Date.now() };
// A server of somebody else, as the standard variables name it, with a bucket `floe-test`; ours otherwise.
const isForeign = process.env['AWS_ENDPOINT_URL_S3'] !== undefined;
const S3 = 's3://floe-test/some/prefix';
const STORES = ['directory', 'nats', S3];
// Longer than loopback needs, short enough to wait for.
const STALLED_MS = 500;

beforeAll(async () => {
  nats = await startTestNats();
  root = await mkdtemp(join(tmpdir(), 'floe-datasets-'));
  bus = await connectBus({
    urls: [nats.url],
    name: 'test',
    log: createLogger('test', { level: 'silent' }),
  });
  server = await startS3Server();
  if (isForeign) return;
  process.env['AWS_ENDPOINT_URL_S3'] = server.url;
  process.env['AWS_REGION'] = 'eu-central-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'hunter2';
});
afterEach(() => {
  server.fault = () => undefined;
});
afterAll(async () => {
  await server.close();
  await bus.stop();
  await nats.stop();
  await rm(root, { recursive: true });
});

/** The store as one executor sees it: on its own disk, except where the folder is what they share. */
function openOn(store: string, host: string): DatasetStore & { folder: string } {
  const folder = join(root, store === 'directory' ? 'shared' : host);
  return { ...openDatasetStore({ store, folder, bus, now: () => clock.now }), folder };
}

async function writeDataset(
  folder: string,
  content: Buffer,
  run: string = runOf(0),
): Promise<string> {
  const path = join(folder, run, 'rows-1.ipc');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

test.each(STORES)('%s: what one executor publishes another reads, of any size', async (store) => {
  const [writer, reader] = [openOn(store, 'a'), openOn(store, 'b')];
  for (const size of [0, 17, 3_000_001, 17 * 1024 * 1024]) {
    const content = randomBytes(size);
    const uri = await writer.publish(await writeDataset(writer.folder, content));
    const paths = await Promise.all([reader.fetch({ uri }), reader.fetch({ uri })]);
    for (const path of paths) expect((await readFile(path)).equals(content)).toBe(true);
  }
});

test.each(STORES)('%s: an executor reads its own output from its own disk', async (store) => {
  const writer = openOn(store, 'a');
  const path = await writeDataset(writer.folder, Buffer.from('own'));
  expect(await writer.fetch({ uri: await writer.publish(path) })).toBe(path);
});

test.each(STORES)(
  '%s: a dataset that is gone is told as such, and so is a foreign address',
  async (store) => {
    const [writer, reader] = [openOn(store, 'a'), openOn(store, 'c')];
    const uri = await writer.publish(await writeDataset(writer.folder, Buffer.from('x')));
    const other = uri.replace('rows-1.ipc', 'rows-2.ipc');
    for (const wrong of [other, 'nats://elsewhere/x', `${dirname(uri)}/../../secret`, '']) {
      await expect(reader.fetch({ uri: wrong })).rejects.toMatchObject({ code: 'DATASET_MISSING' });
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
  await store.fetch({ uri: usedUri });
  expect(await store.collect(clock.now - HOUR_MS)).toBe(1);
  expect(await store.fetch({ uri: usedUri })).toBe(used);
  await expect(store.fetch({ uri: unusedUri })).rejects.toMatchObject({ code: 'DATASET_MISSING' });
});

test.each(STORES.slice(1))('%s: old files leave the store, new ones stay', async (store) => {
  const [writer, reader] = [openOn(store, 'a'), openOn(store, 'd')];
  const uri = await writer.publish(await writeDataset(writer.folder, Buffer.from('old')));
  expect(await reader.collect(Date.now() - HOUR_MS)).toBe(0);
  expect(await reader.collect(Date.now() + HOUR_MS)).toBeGreaterThan(0);
  await expect(reader.fetch({ uri })).rejects.toMatchObject({ code: 'DATASET_MISSING' });
});

/** A run that began so long ago: its id says when. */
function runOf(ageMs: number): string {
  const time = (clock.now - ageMs).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

test.each(STORES.slice(1))(
  '%s: what an old run has made stays for who still reads it',
  async (store) => {
    const [writer, reader] = [openOn(store, 'a'), openOn(store, 'e')];
    const [used, unused] = [runOf(5 * HOUR_MS), runOf(5 * HOUR_MS)];
    const uriOf = async (run: string) =>
      writer.publish(await writeDataset(writer.folder, Buffer.from(run), run));
    const [usedUri, unusedUri] = [await uriOf(used), await uriOf(unused)];
    await untilNext();
    const sinceMs = Date.now();
    await untilNext();
    await reader.fetch({ uri: usedUri });
    await reader.collect(sinceMs);
    await expect(openOn(store, 'f').fetch({ uri: unusedUri })).rejects.toMatchObject({
      code: 'DATASET_MISSING',
    });
    await openOn(store, 'f').fetch({ uri: usedUri });
    expect(await reader.collect(Date.now() + HOUR_MS)).toBeGreaterThan(0);
    await expect(openOn(store, 'g').fetch({ uri: usedUri })).rejects.toMatchObject({
      code: 'DATASET_MISSING',
    });
  },
);

/** Times of stores may be whole seconds. */
async function untilNext(): Promise<void> {
  const end = Date.now() + (isForeign ? 1_100 : 10);
  while (Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
}

test.each(STORES)('%s: what is not as it was written counts as gone', async (store) => {
  const [writer, reader] = [openOn(store, 'a'), openOn(store, 'h')];
  const path = await writeDataset(writer.folder, randomBytes(5_000));
  const file: StoredFile = { uri: '', bytes: 5_000, hash: await contentHash(path) };
  const uri = await writer.publish(path);
  expect(await readFile(await reader.fetch({ ...file, uri }))).toEqual(await readFile(path));
  const cut = openOn(store, 'i');
  await writeFile(path, randomBytes(4_999));
  await writer.publish(path);
  await expect(cut.fetch({ ...file, uri })).rejects.toMatchObject({ code: 'DATASET_MISSING' });
  if (store === 'directory') return;
  await writeFile(path, randomBytes(5_000));
  await writer.publish(path);
  await expect(cut.fetch({ ...file, uri })).rejects.toMatchObject({
    code: 'DATASET_MISSING',
    message: expect.stringContaining('has other content in the store than was written'),
  });
  expect(await readdir(dirname(path.replace(writer.folder, cut.folder)))).toEqual([]);
});

test('a local copy that was cut off is fetched again', async () => {
  const [writer, reader] = [openOn('nats', 'a'), openOn('nats', 'j')];
  const path = await writeDataset(writer.folder, randomBytes(100));
  const file = { uri: await writer.publish(path), bytes: 100 };
  const copy = await reader.fetch(file);
  await writeFile(copy, '');
  expect(await stat(await reader.fetch(file))).toMatchObject({ size: 100 });
});

/** A bucket of our own server, of which faults can be asked. */
function openFaulty(host: string): DatasetStore & { readonly folder: string } {
  const folder = join(root, host);
  const blobs = s3Blobs(parseS3Location(S3)!, STALLED_MS);
  return { ...openBlobDatasetStore({ blobs, folder, now: () => clock.now }), folder };
}

test.skipIf(isForeign).each([
  [{ status: 403, code: 'AccessDenied' }, /HTTP 403/, /ListBucket/],
  [{ status: 400, code: 'ExpiredToken' }, /ExpiredToken/, /Renew the AWS_ variables/],
  [{ status: 404, code: 'NoSuchBucket' }, /NoSuchBucket/, /Make the bucket/],
  [{ status: 503, code: 'SlowDown' }, /SlowDown, HTTP 503/, /the bucket itself/],
  ['silent', /does not answer/, /FLOE_DATASET_STORE/],
  ['stalls', /does not answer/, /FLOE_DATASET_STORE/],
  ['cuts', /does not answer/, /FLOE_DATASET_STORE/],
] as const)(
  'a bucket that answers with %j is told as that, and in time',
  async (fault, says, mend) => {
    const [writer, reader] = [openFaulty('a'), openFaulty('k')];
    const path = await writeDataset(writer.folder, randomBytes(200_000));
    const uri = await writer.publish(path);
    server.fault = () => fault;
    const told = { code: 'DATASET_STORE_UNAVAILABLE', message: expect.stringMatching(says) };
    const failure = await reader.fetch({ uri }).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ ...told, hint: expect.stringMatching(mend) });
    expect(String(failure)).not.toContain('hunter2');
    expect(await readdir(dirname(path.replace(writer.folder, reader.folder)))).toEqual([]);
    // The client tries again what may pass.
    if (typeof fault === 'string' || fault.status === 503) return;
    await expect(writer.publish(path)).rejects.toMatchObject(told);
    await expect(writer.collect(0)).rejects.toMatchObject(told);
  },
);

test.skipIf(isForeign)('a bucket that goes away between two parts keeps none of them', async () => {
  const writer = openFaulty('a');
  const path = await writeDataset(writer.folder, randomBytes(40 * 1024 * 1024));
  let parts = 0;
  server.fault = ({ method }) => {
    if (method === 'PUT') parts += 1;
    return method === 'PUT' && parts > 2 ? { status: 500, code: 'InternalError' } : undefined;
  };
  await expect(writer.publish(path)).rejects.toMatchObject({ code: 'DATASET_STORE_UNAVAILABLE' });
  expect(server.uploads.size).toBe(0);
});

test('a store that does not answer is no missing dataset', async () => {
  const folder = join(root, 'broken');
  const broken = { objects: () => ({ get: () => Promise.reject(new Error('cut')) }) } as never;
  const store = openDatasetStore({ store: 'nats', folder, bus: broken, now: () => 0 });
  const uri = `nats://floe-datasets/${randomUUID()}/rows-1.ipc`;
  await expect(store.fetch({ uri })).rejects.toMatchObject({ code: 'DATASET_STORE_UNAVAILABLE' });
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
