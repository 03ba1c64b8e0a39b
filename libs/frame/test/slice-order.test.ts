/** Which rows a slice keeps: behind joins and groups that were asked to keep their order, and from the end. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameNode } from '@floe/expression';
import pl from 'nodejs-polars';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { previewDataset } from '../src/arrow/preview-dataset.ts';
import { executeFramePlan } from '../src/polars/execute-frame-plan.ts';
import { executeStage } from '../src/polars/execute-stage.ts';

const ROWS = 60;
// Before it was mended, one run in fifty gave the right rows by luck.
const TIMES = 10;

let folder: string;
let input: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-slice-'));
  input = join(folder, 'in.ipc');
  const id = Array.from({ length: ROWS }, (_, index) => index + 1);
  await pl.DataFrame({ id }).lazy().sinkIpc(input).collect();
});
afterAll(() => rm(folder, { recursive: true }));

const id = JSON.stringify({ Column: 'id' });
const source = { op: 'input', name: 'a' } as const;
const groups = {
  op: 'group_by',
  input: 0,
  keys: [id],
  aggregations: [],
  maintainOrder: true,
} as const;
const joined = {
  op: 'join',
  left: 0,
  right: 0,
  how: 'inner',
  leftOn: [id],
  rightOn: [id],
  suffix: '_r',
  coalesce: null,
  nullsEqual: false,
  validate: 'm:m',
  maintainOrder: 'left_right',
} as const;
const head = { op: 'slice', input: 1, offset: 0, length: 7 } as const;
const sort = {
  op: 'sort',
  input: 2,
  by: [id],
  descending: [true],
  nullsLast: [false],
  maintainOrder: false,
} as const;
const SEVEN = [[7], [6], [5], [4], [3], [2], [1]];

async function rowsOf(path: string): Promise<unknown> {
  return (await previewDataset(path, 100)).rows;
}

test.each([
  ['groups', groups],
  ['a join', joined],
])('the first rows of %s in order stay the first', async (_, ordered: FrameNode) => {
  const output = join(folder, 'out.ipc');
  for (let time = 0; time < TIMES; time += 1) {
    const plan = { nodes: [source, ordered, head, sort], output: 3 };
    await executeFramePlan(plan, { inputs: { a: input }, output });
    expect(await rowsOf(output)).toEqual(SEVEN);
  }
});

test('they do when the slice stands in another step of the stage', async () => {
  const output = join(folder, 'stage.ipc');
  const first = {
    plan: { nodes: [source, groups], output: 1 },
    inputs: { a: { path: input, rows: ROWS } },
  };
  const nodes = [source, { ...head, input: 0 }, { ...sort, input: 1 }];
  const second = { plan: { nodes, output: 2 }, inputs: { a: { step: 0 } } };
  for (let time = 0; time < TIMES; time += 1) {
    await executeStage([first, second], output);
    expect(await rowsOf(output)).toEqual(SEVEN);
  }
});

test('the rows of a step within a stage are counted of the rows that the slice keeps', async () => {
  const [many, one] = [join(folder, 'many.ipc'), join(folder, 'one.ipc')];
  const names = Array.from({ length: 500 }, (_, at) => `k${at % 7}`);
  await pl.DataFrame({ id: names }).lazy().sinkIpc(many).collect();
  await pl
    .DataFrame({ id: ['k6'] })
    .lazy()
    .sinkIpc(one)
    .collect();
  const last = { op: 'slice', input: 1, offset: 6, length: 400 } as const;
  const first = {
    plan: { nodes: [source, groups, last], output: 2 },
    inputs: { a: { path: many, rows: 500 } },
  };
  const found = { ...joined, left: 0, right: 1, maintainOrder: null };
  const second = {
    plan: { nodes: [source, { op: 'input', name: 'b' } as const, found], output: 2 },
    inputs: { a: { step: 0 }, b: { path: one, rows: 1 } },
  };
  const none = { op: 'slice', input: 0, offset: 0, length: 0 } as const;
  const third = { plan: { nodes: [source, none], output: 1 }, inputs: { a: { step: 1 } } };
  for (let time = 0; time < 3 * TIMES; time += 1) {
    const { rows } = await executeStage([first, second, third], join(folder, 'counted.ipc'));
    expect(rows).toEqual([1, 1, 0]);
  }
});

const shifted = {
  op: 'with_columns',
  input: 0,
  expressions: [pl.col('id').shift(1).alias('before').serialize('json').toString()],
} as const;

// As Python's Polars: counted from the end, and cut off where there are fewer rows than the offset.
test.each([
  [-5, 3, [56, 57, 58]],
  [-5, 5, [56, 57, 58, 59, 60]],
  [-2, 40, [59, 60]],
  [-62, 4, [1, 2]],
  [-70, 3, []],
  [-3, 0, []],
  [-5_000_000_000, 4_294_967_295, []],
  [-4_294_967_296, 4_294_967_295, [...Array(59).keys()].map((at) => at + 1)],
])('a slice of %i, %i is the same behind a shift', async (offset, length, kept) => {
  const output = join(folder, 'shifted.ipc');
  const nodes = [source, shifted, { op: 'slice', input: 1, offset, length } as const];
  await executeFramePlan({ nodes, output: 2 }, { inputs: { a: input }, output });
  expect(await rowsOf(output)).toEqual(kept.map((at) => [at, at === 1 ? null : at - 1]));
});
