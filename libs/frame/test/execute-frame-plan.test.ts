import { readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pl from 'nodejs-polars';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { previewDataset } from '../src/arrow/preview-dataset.ts';
import { executeFramePlan, polarsVersion } from '../src/polars/execute-frame-plan.ts';
import { datasetFromCsv } from '../src/polars/import-file.ts';
import { type PlanInputs, column, writePlanInputs } from './plan-inputs.ts';

let plans: PlanInputs;
beforeAll(async () => {
  plans = await writePlanInputs();
});
afterAll(() => plans.remove());

test('an output of several columns keeps its schema and count', async () => {
  const output = join(plans.folder, 'facts.ipc');
  const facts = await executeFramePlan(
    { nodes: [{ op: 'input', name: 'left' }], output: 0 },
    { inputs: plans.inputs, output },
  );
  expect(facts).toMatchObject({
    rows: 4,
    schema: [
      { name: 'k', type: { kind: 'string' } },
      { name: 'v', type: { kind: 'int32' } },
      { name: 'w' },
    ],
  });
});

test('the failure of Polars says what Polars says and leaves no file', async () => {
  const plan = {
    nodes: [
      { op: 'input', name: 'left' },
      { op: 'select', input: 0, expressions: [column('nope')] },
    ],
    output: 1,
  } as const;
  const output = join(plans.folder, 'failed.ipc');
  await expect(executeFramePlan(plan, { inputs: plans.inputs, output })).rejects.toMatchObject({
    code: 'TRANSFORM_FAILED',
    message: expect.stringContaining('nope'),
  });
});

test('a disk that is full is told as that, not as a failure of the text, and leaves no file', async () => {
  const plan = { nodes: [{ op: 'input', name: 'left' }], output: 0 } as const;
  const output = join(plans.folder, 'full.ipc');
  await symlink('/dev/full', `${output}.partial`);
  await expect(executeFramePlan(plan, { inputs: plans.inputs, output })).rejects.toMatchObject({
    code: 'DATASET_STORE_UNAVAILABLE',
    message: expect.stringContaining('the disk is full'),
    details: { errno: 'ENOSPC' },
  });
  expect((await readdir(plans.folder)).filter((name) => name.startsWith('full'))).toEqual([]);
});

test('an input that is not there is a missing dataset; one that is unknown gets the nearest name', async () => {
  const plan = { nodes: [{ op: 'input', name: 'left' }], output: 0 } as const;
  const output = join(plans.folder, 'missing.ipc');
  const gone = { left: join(plans.folder, 'gone.ipc') };
  await expect(executeFramePlan(plan, { inputs: gone, output })).rejects.toMatchObject({
    code: 'DATASET_MISSING',
  });
  await expect(executeFramePlan(plan, { inputs: { lefd: 'x' }, output })).rejects.toMatchObject({
    code: 'TRANSFORM_FAILED',
    hint: 'did you mean "lefd"?',
  });
});

test('the event loop stays free while Polars works', async () => {
  const many = join(plans.folder, 'many.ipc');
  const numbers = pl.Series(
    'x',
    Float64Array.from({ length: 3_000_000 }, (_, index) => index),
  );
  await pl.DataFrame([numbers]).lazy().sinkIpc(many).collect();
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 5);
  const sort = {
    op: 'sort',
    input: 0,
    by: [column('x')],
    descending: [true],
    nullsLast: [true],
    maintainOrder: true,
  } as const;
  await executeFramePlan(
    { nodes: [{ op: 'input', name: 'many' }, sort], output: 1 },
    { inputs: { many }, output: join(plans.folder, 'sorted.ipc') },
  );
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(2);
});

test('a CSV file becomes a dataset with inferred types', async () => {
  const csv = join(plans.folder, 'in.csv');
  await writeFile(csv, 'day,n,s\n2001-02-03,1,\n2001-02-04,2,x\n');
  const facts = await datasetFromCsv(csv, join(plans.folder, 'csv.ipc'));
  expect(facts.schema.map((each) => each.type.kind)).toEqual(['date', 'int64', 'string']);
  expect((await previewDataset(join(plans.folder, 'csv.ipc'), 1)).rows).toEqual([
    ['2001-02-03', 1, null],
  ]);
});

test('the version of Polars is known', () => {
  expect(polarsVersion).toMatch(/^\d+\.\d+\.\d+$/);
});
