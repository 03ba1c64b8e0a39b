/** Programs that nodejs-polars 0.26.1 gets wrong by itself, when it streams a result into a file: here they are right. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { datasetFromCsv, previewDataset } from '@floe/frame';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runExpressionTransform } from '../src/expression_transform/run.ts';
import type { TaskInput } from '../src/runner.ts';
import { createContext } from './task-context.ts';

let folder: string;
const inputs: TaskInput[] = [];
const address = { host: '', port: 0, user: '', password: '', database: '' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-faults-'));
  const many = Array.from({ length: 500 }, (_, at) => `${at}`);
  await store('many', `v\n${many.join('\n')}\n`);
  await store('few', 'k,v\na,1\nb,2\nc,3\n');
  await store('two', 'v\n1\n3\n');
});
afterAll(() => rm(folder, { recursive: true }));

async function store(taskId: string, csv: string): Promise<void> {
  const [source, target] = [join(folder, `${taskId}.csv`), join(folder, `${taskId}.ipc`)];
  await writeFile(source, csv);
  const facts = await datasetFromCsv(source, target);
  inputs.push({ taskId, dataset: { uri: pathToFileURL(target).href, ...facts } });
}

async function rowsOf(polars: string, attempt = 1) {
  const context = createContext({ folder, address, config: { polars }, inputs, attempt });
  const { dataset } = await runExpressionTransform(context);
  return (await previewDataset(new URL(dataset!.uri).pathname, 100)).rows;
}

// Of slices from the end that end before the last row, a row too many came.
test.each([
  ['.slice(-6, 4)', [494, 495, 496, 497]],
  ['.slice(-3)', [497, 498, 499]],
  ['.slice(-2, 60)', [498, 499]],
  ['.slice(-501, 4)', [0, 1, 2]],
  ['.tail(6).head(2)', [494, 495]],
])('behind a shift, the values %s', async (slice, behind) => {
  const shifted = behind.map((at) => [at === 0 ? null : at - 1]);
  expect(await rowsOf(`many.select(pl.col("v").shift(1)${slice})`)).toEqual(shifted);
  expect(await rowsOf(`many.with_columns(pl.col("v").shift(1))${slice}`)).toEqual(shifted);
});

// The list of places became one column for both, beside rows of which there were others.
test('two columns are taken by the same places', async () => {
  expect(await rowsOf('few.select(pl.all().gather([2, 0]))')).toEqual([
    ['c', 3],
    ['a', 1],
  ]);
  expect(await rowsOf('few.with_columns(pl.all().gather([2, 0, 0]))')).toEqual([
    ['c', 3],
    ['a', 1],
    ['a', 1],
  ]);
});

// Of a group of two rows, four values came.
test('two columns of groups are taken by the same places', async () => {
  const groups = 'few.group_by(pl.col("v") > 1, maintain_order=True)';
  expect(
    await rowsOf(
      `${groups}.agg(pl.col("k").gather([0, 0]), w=(pl.col("v") * 2).gather([0, 0]).sum())`,
    ),
  ).toEqual([
    [false, ['a', 'a'], 4],
    [true, ['b', 'b'], 8],
  ]);
});

// Polars aborts the process over the first attempt: shared parts that share parts.
// A part of a concat that was never read, since there were rows enough before it, aborted the process.
test.each([
  ['pl.concat([many, few.select(pl.col("v").gather([0, 0]))]).head(1)', [[0]]],
  [
    'pl.concat([many, two.filter(pl.col("v") > pl.col("v").gather([0]).sum())]).head(2)',
    [[0], [1]],
  ],
  ['pl.concat([many, two.select(pl.all().gather([0]))]).select(pl.col("v").first())', [[0]]],
])('rows under others are taken by places: %s', async (polars, rows) => {
  expect(await rowsOf(polars)).toEqual(rows);
});

test('an attempt that follows another one shares no parts of the plan', async () => {
  const shared = 'few.drop_nulls().select("v", z="k")';
  const polars = `x = many.join(two, on="v", maintain_order="left").join_asof(${shared}, on="v").select("v")
y = few.filter(pl.col("v").shift(1) > 1).select("v")
pl.concat([x, y]).join_asof(${shared}, on="v")`;
  const rows = await rowsOf(polars, 2);
  expect(rows).toEqual([
    [1, 'a'],
    [3, 'c'],
    [3, 'c'],
  ]);
});

// The name of the first numbers was looked for in the file when the rows were numbered again.
test('the rows of one frame are numbered twice', async () => {
  const pairs = 'few.with_row_index("i").join(few.with_row_index("j", 10), on="k").sort("k")';
  expect(await rowsOf(pairs)).toEqual([
    [0, 'a', 1, 10, 1],
    [1, 'b', 2, 11, 2],
    [2, 'c', 3, 12, 3],
  ]);
});
