/** Transforms as one query and one by one: the same rows, the same counts. The bug that it hunts: a plan that means another thing. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { datasetFromCsv, previewDataset } from '@floe/frame';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runExpressionTransform } from '../src/expression_transform/run.ts';
import { runStage, type StagedTask } from '../src/expression_transform/run-stage.ts';
import type { DatasetReference, TaskInput } from '../src/runner.ts';
import { createContext } from './task-context.ts';

let folder: string;
const address = { host: '', port: 0, user: '', password: '', database: '' };
const names = ['few', 'none', 'many', 'wide'] as const;
const inputs = new Map<string, DatasetReference>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-stage-'));
  await store('few', 'k,v,s\na,1,x\nb,,y\na,3,\nc,-4,z\n,5,x\n');
  await store('none', 'k,v,s\nz,1,x\n');
  const rows = Array.from({ length: 500 }, (_, at) => `k${at % 7},${(at * 37) % 101},s${at % 3}`);
  await store('many', `k,v,s\n${rows.join('\n')}\n`);
  const large = Array.from({ length: 250_000 }, (_, at) => `k${at % 7},${at % 101},s${at % 3}`);
  await store('large', `k,v,s\n${large.join('\n')}\n`);
  await store('wide', 'k,w\na,10\nb,20\nk1,30\nk1,40\n');
});
afterAll(() => rm(folder, { recursive: true }));

async function store(name: string, csv: string): Promise<void> {
  const [source, target] = [join(folder, `${name}.csv`), join(folder, `${name}.ipc`)];
  await writeFile(source, csv);
  const facts = await datasetFromCsv(source, target);
  inputs.set(name, { uri: pathToFileURL(target).href, ...facts });
}

/** Operations that keep `k`, `v` and `s`, and have one order of rows. */
const operation = fc.constantFrom(
  '.filter(pl.col("v") > 1)',
  '.filter(pl.col("s").is_not_null() & (pl.col("v") < 90))',
  '.with_columns(v=pl.col("v") + 3)',
  '.with_columns(x=pl.col("v") * 2, s=pl.col("s").str.to_uppercase())',
  '.with_columns(pl.col("v").sum().over("k").alias("total"))',
  '.with_columns(pl.col("v").cum_sum().alias("so_far"), pl.col("v").shift(1).alias("before"))',
  '.sort("k", "v", "s", maintain_order=True)',
  '.unique("k", keep="first", maintain_order=True)',
  '.with_row_index("at").filter(pl.col("at") < 5).drop("at")',
  '.group_by("k", maintain_order=True).head(2).select("k", "v", "s")',
  '.filter(pl.col("v").rank("ordinal") < 20)',
  '.drop_nulls("v")',
  '.select("s", "v", "k")',
  '.select("k", v=pl.col("v") + 1, s=pl.lit("one"))',
  '.head(7)',
  '.tail(3)',
  '.slice(2, 400)',
  '.select(pl.all().slice(-6, 4))',
  '.slice(-5, 3)',
  '.slice(-300, 290)',
  '.reverse()',
  '.with_columns(v=pl.col("v").shift(-1), s=pl.col("s").fill_null(strategy="forward"))',
  '.select(pl.col("k"), v=pl.col("v").first(), s=pl.col("s").last())',
  '.select(pl.col("k"), pl.col("v").max(), pl.col("s"))',
  '.group_by("k", maintain_order=True).agg(pl.col("v").sum(), pl.col("s").first(), n=pl.len()).select("k", "v", "s")',
  '.join(wide, on="k", how="left", maintain_order="left_right", suffix="_wide").select("k", "v", "s")',
  '.join(wide, on="k", how="semi", maintain_order="left")',
  '.filter(pl.col("v") > 1000)',
  '.rename({"v": "u"}).with_columns(v=pl.col("u")).drop("u")',
);
const text = fc.array(operation, { minLength: 1, maxLength: 3 });
const chains = fc.array(text, { minLength: 2, maxLength: 6 });

function chainOf(texts: readonly (readonly string[])[], source: string): StagedTask[] {
  return texts.map((operations, at) => {
    const before = at === 0 ? source : `t${at - 1}`;
    const config = { polars: `${before}${operations.join('')}` };
    const own = at === 0 ? { taskId: source, dataset: inputs.get(source)! } : { taskId: before };
    const wide = { taskId: 'wide', dataset: inputs.get('wide')! };
    return { taskId: `t${at}`, config, inputs: [own, wide] };
  });
}

async function oneByOne(tasks: readonly StagedTask[]) {
  const made = new Map<string, DatasetReference>();
  for (const task of tasks) {
    const given = task.inputs.map(({ taskId, dataset }): TaskInput => ({
      taskId,
      dataset: dataset ?? made.get(taskId)!,
    }));
    const context = createContext({ folder, address, config: task.config, inputs: given });
    made.set(task.taskId, (await runExpressionTransform(context)).dataset!);
  }
  const datasets = [...made.values()];
  return { dataset: datasets.at(-1)!, rows: datasets.map(({ rows }) => rows) };
}

async function contentOf({ uri }: DatasetReference) {
  const { schema, rows } = await previewDataset(new URL(uri).pathname, 100);
  return { schema, rows };
}

test('gives the rows that the tasks give one by one, of each as many', async () => {
  await fc.assert(
    fc.asyncProperty(chains, fc.constantFrom(...names.slice(0, 3)), async (texts, source) => {
      const tasks = chainOf(texts, source);
      const context = createContext({ folder, address, config: {} });
      const together = await runStage(tasks, context);
      const apart = await oneByOne(tasks);
      expect(together.rows).toEqual(apart.rows);
      expect(await contentOf(together.dataset)).toEqual(await contentOf(apart.dataset));
    }),
    { numRuns: 150 },
  );
}, 120_000);

test('says which input was neither stored nor made', async () => {
  const task = { taskId: 'b', config: { polars: 'a' }, inputs: [{ taskId: 'a' }] };
  const context = createContext({ folder, address, config: {} });
  await expect(runStage([task], context)).rejects.toMatchObject({
    code: 'DATASET_MISSING',
    details: { task: 'a' },
  });
});

/** Each text is a task that reads the one before, and may join `wide`. */
function tasksOf(texts: readonly string[]): StagedTask[] {
  const wide = { taskId: 'wide', dataset: inputs.get('wide')! };
  return texts.map((polars, at): StagedTask => {
    const large = { taskId: 'large', dataset: inputs.get('large')! };
    const before = at === 0 ? large : { taskId: `t${at - 1}` };
    return { taskId: `t${at}`, config: { polars }, inputs: [before, wide] };
  });
}

const LARGE_ROWS = 250_000;
const wanted = (keeps: (v: number) => boolean) =>
  Array.from({ length: LARGE_ROWS }, (_, at) => at % 101).filter(keeps).length;

test('of many rows those are counted that a pass over them counts, and what is behind a join is not', async () => {
  const tasks = tasksOf([
    'large.filter((pl.col("v") > 50) & pl.col("s").is_not_null())',
    't0.with_columns(twice=pl.col("v") * 2).filter(pl.col("twice").cast(pl.String).str.contains("0$"))',
    't1.unique("v")',
    't2.join(wide, on="k", how="left").filter(pl.col("w") > 0)',
    't3.group_by("k").agg(n=pl.len())',
    't4.filter(pl.col("n") > 0)',
  ]);
  const { rows } = await runStage(tasks, createContext({ folder, address, config: {} }));
  const last = rows.at(-1);
  expect(rows).toEqual([
    wanted((v) => v > 50),
    wanted((v) => v > 50 && (v * 2) % 10 === 0),
    10,
    undefined,
    undefined,
    last,
  ]);
});

test('rows that follow from others are told without counting', async () => {
  const tasks = tasksOf([
    'large.join(wide, on="k")', // Uncounted: what follows has to do without.
    't0.head(200_000).select("k", "v", x=pl.col("v") + 1)',
    't1.with_columns(y=pl.lit(1))',
  ]);
  const context = createContext({ folder, address, config: {} });
  const { rows } = await runStage(tasks, context);
  const joined = Array.from({ length: LARGE_ROWS }, (_, at) => at % 7).filter((k) => k === 1);
  expect(rows).toEqual([undefined, 2 * joined.length, 2 * joined.length]);

  const whole = tasksOf([
    'large.unpivot(["v", "v2"], index="k")'.replace(
      'large.',
      'large.with_columns(v2=pl.col("v")).',
    ),
    't0.select("k", pl.col("value")).tail(300_000)',
    'pl.concat([t1.slice(-5, 100), t1])',
    't2.with_row_index("at").head(7)',
    't3.group_by("k").agg(pl.len())',
  ]);
  const known = (await runStage(whole, context)).rows;
  expect(known.slice(0, 4)).toEqual([2 * LARGE_ROWS, 300_000, 300_005, 7]);
});
