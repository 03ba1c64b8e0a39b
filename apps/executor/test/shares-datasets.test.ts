import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StagedTask, TaskSpec } from '@floe/rpc/internal-contracts';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AttemptKey } from './attempt-scheduler.ts';
import { openFixture, type Fixture } from './executor-fixture.ts';

const WITHIN = { withinMs: 10_000 };
let fixture: Fixture;
let folder: string;

beforeAll(async () => {
  fixture = await openFixture();
  folder = await mkdtemp(join(tmpdir(), 'floe-shares-'));
  await mkdir(join(folder, 'files'));
  await writeFile(join(folder, 'files/rows.csv'), 'id\n1\n2\n3\n');
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** An executor on a host of its own: it shares nothing with others but NATS. */
function startOnHost(host: string) {
  const settings = {
    FLOE_DATASET_STORE: 'nats',
    FLOE_DATASET_DIR: join(folder, host),
    FLOE_FILES_DIR: join(folder, 'files'),
  };
  return fixture.startExecutor({ settings });
}

async function outcomeOf(key: AttemptKey) {
  await eventually(() => fixture.scheduler.finishOf(key) !== undefined, WITHIN);
  return fixture.scheduler.finishOf(key)!.outcome;
}

async function runOn(host: string, task: Parameters<Fixture['scheduler']['offer']>[1]) {
  await using _executor = await startOnHost(host);
  // Awaited here: the executor lives until then.
  return await outcomeOf(fixture.scheduler.offer(fixture.bus, task));
}

const EXTRACT = { type: 'file_extract', configJson: '{"path":"rows.csv"}' };

async function makeDataset(host: string): Promise<string> {
  const made = await runOn(host, EXTRACT);
  if (made?.$case !== 'succeeded') throw new Error(`the extract ended as ${JSON.stringify(made)}`);
  return made.value.datasetJson;
}

const checkOf = (datasetJson: string, min: number) => ({
  type: 'check',
  configJson: JSON.stringify({ rules: [{ row_count: { min } }, { unique: ['id'] }] }),
  inputs: [{ taskId: 'rows', datasetJson }],
});

test('what one host makes another reads; what it hands on keeps its reference', async () => {
  const datasetJson = await makeDataset('one');
  expect(JSON.parse(datasetJson)).toMatchObject({
    uri: expect.stringMatching(/^nats:\/\/floe-datasets\//),
    rows: 3,
    hash: expect.stringMatching(/^crc32-tree:[0-9a-f]{64}$/),
  });
  expect(await runOn('two', checkOf(datasetJson, 3))).toMatchObject({
    $case: 'succeeded',
    value: { rows: 3n, datasetJson },
  });
});

test('what the last task of a stage makes has a place in the store', async () => {
  const datasetJson = await makeDataset('one');
  await using _executor = await startOnHost('four');
  const transform = (polars: string, taskId: string, dataset: string) =>
    TaskSpec.create({
      type: 'expression_transform',
      configJson: JSON.stringify({ polars }),
      inputs: [{ taskId, datasetJson: dataset }],
      timeoutMs: 60_000n,
    });
  const task = transform('task.with_columns(n=pl.col("id") * 2)', 'task', 'null');
  const follower = StagedTask.create({ taskId: 'second', task, epoch: 1n, attemptNumber: 1 });
  const first = transform('rows.filter(pl.col("id") > 1)', 'rows', datasetJson);
  const stage = { makers: [], followers: [follower] };
  const key = fixture.scheduler.offerStage(fixture.bus, first, stage);
  expect(await outcomeOf(key)).toMatchObject({ $case: 'succeeded', value: { datasetJson: '' } });
  const end = fixture.scheduler.finishOf(key)!.followers[0]?.outcome;
  expect(JSON.parse(end?.$case === 'succeeded' ? end.value.datasetJson : '{}')).toMatchObject({
    uri: expect.stringMatching(/^nats:\/\/floe-datasets\/.*\/task-1\.second\.ipc$/),
    rows: 2,
  });
});

test('rows that are gone are told with the task that made them', async () => {
  const datasetJson = await makeDataset('one');
  const objects = fixture.bus.objects('floe-datasets');
  for (const { name } of await objects.list()) await objects.remove(name);
  expect(await runOn('three', checkOf(datasetJson, 1))).toMatchObject({
    $case: 'failed',
    value: {
      retryable: true,
      failure: {
        code: 'DATASET_MISSING',
        details: { task: 'rows' },
        hint: expect.stringContaining('--from rows'),
      },
    },
  });
});

test('rows that are other ones than were written are told as gone', async () => {
  const datasetJson = await makeDataset('one');
  const objects = fixture.bus.objects('floe-datasets');
  const key = JSON.parse(datasetJson).uri.replace('nats://floe-datasets/', '');
  const other = join(folder, 'other.ipc');
  await writeFile(other, Buffer.alloc(JSON.parse(datasetJson).bytes, 'x'));
  await objects.put(key, other);
  expect(await runOn('five', checkOf(datasetJson, 1))).toMatchObject({
    $case: 'failed',
    value: { retryable: true, failure: { code: 'DATASET_MISSING', details: { task: 'rows' } } },
  });
});

test('an attempt that waits for a store without answers ends when it is cancelled (W4)', async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  process.env['AWS_ENDPOINT_URL_S3'] = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  process.env['AWS_REGION'] = 'eu-central-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  const datasetJson = (await makeDataset('one')).replace('nats:', 's3:');
  const settings = {
    FLOE_DATASET_STORE: 's3://floe-datasets',
    FLOE_DATASET_DIR: join(folder, 'six'),
  };
  try {
    await using executor = await fixture.startExecutor({ settings });
    const key = fixture.scheduler.offer(fixture.bus, checkOf(datasetJson, 1));
    await eventually(
      async () => (await executor.slots()).some(({ runId }) => runId !== ''),
      WITHIN,
    );
    // The collection of old datasets asks as well.
    await eventually(() => sockets.size > 1, WITHIN);
    fixture.bus.publishStop(executor.id, key);
    expect(await outcomeOf(key)).toMatchObject({ value: { cancelled: true, lost: false } });
  } finally {
    for (const socket of sockets) socket.destroy();
    silent.close();
  }
});
