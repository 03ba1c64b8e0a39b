/** A transform that fails on account of its rows says at which place of its text. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { datasetFromCsv } from '@floe/frame';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runExpressionTransform } from '../src/expression_transform/run.ts';
import type { TaskInput } from '../src/runner.ts';
import { createContext } from './task-context.ts';

let folder: string;
let inputs: readonly TaskInput[];
const address = { host: '', port: 0, user: '', password: '', database: '' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-lines-'));
  const [source, target] = [join(folder, 'rows.csv'), join(folder, 'rows.ipc')];
  await writeFile(source, 'id,t\n1,5\n2,x\n');
  const facts = await datasetFromCsv(source, target);
  inputs = [{ taskId: 'rows', dataset: { uri: pathToFileURL(target).href, ...facts } }];
});
afterAll(() => rm(folder, { recursive: true }));

const run = (config: Readonly<Record<string, unknown>>) =>
  runExpressionTransform(createContext({ folder, address, config, inputs }));

const MULTILINE = `known = rows.filter(pl.col("id") > 0)
numbered = known.with_columns(
    n=pl.col("id") * 2,
).with_columns(
    m=pl.col("t").cast(pl.Int64),
)
numbered.select("n", "m").sort("n")`;

test('names the line of a text, and leaves no dataset behind', async () => {
  await expect(run({ polars: MULTILINE })).rejects.toMatchObject({
    code: 'TRANSFORM_FAILED',
    message: expect.stringMatching(
      /^line 4, column 3: Polars failed: conversion from `str` to `i64`/,
    ),
    details: { line: '4', column: '3' },
  });
  // On a busy machine a thread of Polars may open a partial file when all is over; that passes for no dataset.
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.partial'));
  expect(names).toEqual(['rows.csv', 'rows.ipc']);
});

test('names the step', async () => {
  const steps = [
    { filter: 'pl.col("id") > 0' },
    { with_columns: { n: 'pl.col("t").cast(pl.Int64)' } },
    { sort: 'id' },
  ];
  await expect(run({ steps })).rejects.toMatchObject({
    message: expect.stringMatching(/^step 2: Polars failed/),
    details: { step: '2' },
  });
});

test('finds it in what is joined from the side', async () => {
  const polars = 'rows.join(\n  rows.cast({"t": pl.Int64}),\n  on="id",\n)';
  await expect(run({ polars })).rejects.toMatchObject({ details: { line: '2', column: '8' } });
});
