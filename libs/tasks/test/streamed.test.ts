/** Results that are streamed into a file, beside the same ones made in memory: two engines of Polars, one meaning. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseProgram, toFramePlan } from '@floe/expression';
import { collectFramePlan, datasetFromCsv, executeFramePlan, previewDataset } from '@floe/frame';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATIONS } from './streamed-operations.ts';

// More than Polars streams in one piece where there are few rows, and few enough for hundreds of programs.
const ROWS = 3_000;
// More than the longest result that is compared row by row has.
const ROWS_COMPARED = 100;

let folder: string;
const inputs: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-streamed-'));
  const day = (at: number) => `2024-01-${String(1 + Math.floor(at / 100)).padStart(2, '0')}`;
  const rows = Array.from({ length: ROWS }, (_, at) =>
    [
      `k${(at * 7) % 11}`,
      (at * 37) % 101,
      at % 13 === 0 ? '' : `s${at % 5}`,
      day(at),
      ((at * 31) % 17) / 4,
    ].join(','),
  );
  await store('many', `k,v,s,d,f\n${rows.join('\n')}\n`);
  await store(
    'few',
    'k,v,s,d,f\nk1,1,x,2024-01-01,0.5\nk2,,y,2024-01-02,\nk1,3,,2024-01-02,1.5\n,-4,z,2024-01-05,2\n',
  );
  await store('days', 'd,z\n2024-01-02,1\n2024-01-09,2\n');
  await store('w', 'k,w\nk1,10\nk2,20\nk3,30\nk3,40\nzz,50\n');
});
afterAll(() => rm(folder, { recursive: true }));

async function store(name: string, csv: string): Promise<void> {
  const source = join(folder, `${name}.csv`);
  inputs[name] = join(folder, `${name}.ipc`);
  await writeFile(source, csv);
  await datasetFromCsv(source, inputs[name]);
}

const operations = (maxLength: number) =>
  fc.array(fc.constantFrom(...OPERATIONS), { maxLength }).map((texts) => texts.join(''));
const frame = fc
  .tuple(fc.constantFrom('many', 'many', 'few'), operations(4))
  .map(([name, texts]) => name + texts);
const together = fc.constantFrom(
  'pl.concat([x, y])',
  'pl.concat([x.head(5), y.tail(4)])',
  'x.join(y.select("k", y="v").unique("k", keep="first", maintain_order=True), on="k", how="left", maintain_order="left_right").drop("y")',
);
const program = fc.oneof(
  { weight: 3, arbitrary: frame },
  {
    weight: 1,
    arbitrary: fc
      .tuple(frame, frame, together, operations(2))
      .map(([x, y, both, after]) => `x = ${x}\ny = ${y}\n(${both})${after}`),
  },
);

type Execute = (...given: Parameters<typeof executeFramePlan>) => Promise<unknown>;

/** The rows, with as many digits of numbers as do not depend on the order of additions. */
async function rowsOf(polars: string, execute: Execute, name: string): Promise<unknown> {
  const plan = toFramePlan(parseProgram(polars, { inputs: Object.keys(inputs) }), {});
  const output = join(folder, `${name}.ipc`);
  await execute(plan, { inputs, output });
  const { rows } = await previewDataset(output, ROWS_COMPARED);
  return rows.map((row) =>
    row.map((value) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value)),
  );
}

test('what is streamed is what is made in memory', async () => {
  await fc.assert(
    fc.asyncProperty(program, async (polars) => {
      const streamed = await rowsOf(polars, executeFramePlan, 'streamed');
      expect(streamed).toEqual(await rowsOf(polars, collectFramePlan, 'collected'));
    }),
    { numRuns: 150 },
  );
}, 120_000);
