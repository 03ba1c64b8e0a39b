import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { datasetFromCsv, previewDataset } from '@floe/frame';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RUNNERS } from '../src/run.ts';
import type { TaskInput } from '../src/runner.ts';
import { createContext } from './task-context.ts';

let folder: string;
let flights: TaskInput;

const address = { host: 'nowhere', port: 1, database: 'd', user: 'u', password: 'p' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-light-'));
  const [csv, ipc] = [join(folder, 'flights.csv'), join(folder, 'flights.ipc')];
  await writeFile(csv, 'origin,delay\nOSL,20\nBGO,3\nOSL,30\n');
  const dataset = { uri: pathToFileURL(ipc).href, ...(await datasetFromCsv(csv, ipc)) };
  flights = { taskId: 'flights', dataset };
});
afterAll(() => rm(folder, { recursive: true }));

test('Polars text runs over the inputs by the names of their tasks, with typed parameters', async () => {
  const context = createContext({
    folder,
    address,
    inputs: [flights],
    params: { least: { kind: 'integer', value: '15' } },
    config: {
      polars: `late = flights.filter(pl.col("delay") > \${{ params.least }})
late.group_by("origin").agg(pl.len().alias("late_flights"), pl.col("delay").mean().alias("mean_delay"))`,
    },
  });
  const result = await RUNNERS['expression_transform']!(context);
  expect(result).toMatchObject({
    rows: 1,
    dataset: { uri: pathToFileURL(context.outputPath).href },
  });
  expect((await previewDataset(context.outputPath, 5)).rows).toEqual([['OSL', 2, 25]]);
});

test('an error in the text says where', async () => {
  const config = { polars: 'flights.filtre(pl.col("delay") > 15)' };
  const context = createContext({ folder, address, inputs: [flights], config });
  await expect(RUNNERS['expression_transform']!(context)).rejects.toMatchObject({
    code: 'EXPRESSION_INVALID',
  });
});

test('a dataset of another machine is missing here', async () => {
  const dataset = { ...flights.dataset, uri: 'nats://bucket/x' };
  const context = createContext({
    folder,
    address,
    inputs: [{ ...flights, dataset }],
    config: { polars: 'flights' },
  });
  await expect(RUNNERS['expression_transform']!(context)).rejects.toMatchObject({
    code: 'DATASET_MISSING',
  });
});

test('noop does nothing', async () => {
  expect(await RUNNERS['noop']!(createContext({ folder, address, config: {} }))).toEqual({
    rows: 0,
    bytes: 0,
  });
});

test('sleep waits as long as it is told', async () => {
  const startedAt = performance.now();
  await RUNNERS['sleep']!(createContext({ folder, address, config: { duration_ms: 30 } }));
  expect(performance.now() - startedAt).toBeGreaterThan(28);
});

test('sleep ends at once when it is aborted', async () => {
  const abort = new AbortController();
  const context = createContext({
    folder,
    address,
    config: { duration_ms: 60_000 },
    signal: abort.signal,
  });
  const outcome = expect(RUNNERS['sleep']!(context)).rejects.toMatchObject({ code: 'CANCELLED' });
  abort.abort();
  await outcome;
});
