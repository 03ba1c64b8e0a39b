/**
 * Programs that are said to look at each row alone give of parts of their input, each for itself, the rows that they
 * give of the whole. Programs are random chains of frame methods, and those of a list for which it must be found out.
 */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { parseProgram, toFramePlan, whyNotRowWise, type Program } from '../src/index.ts';
import { executePlan } from './execute-plan.ts';
import { columnTexts, toFrames, type Cells, type Inputs } from './perturbed-frames.ts';
import { PROGRAM_INPUTS, randomProgram } from './random-program.ts';

/** Thousands of plans run: seconds on a free machine, more on a busy one. */
vi.setConfig({ testTimeout: 240_000 });

const parse = (text: string): Program =>
  parseProgram(text, { inputs: Object.keys(PROGRAM_INPUTS) });
const why = (text: string) => whyNotRowWise(parse(text), PROGRAM_INPUTS);

test.each([
  'left.filter(pl.col("x") > 1)',
  'late = left.filter(pl.col("y").is_not_null())\nlate.select("k", twice=pl.col("x") * 2)',
  'left.with_columns(pl.lit(1).alias("one"), pl.col("s").str.to_uppercase())',
  'left.with_columns(c=pl.when(pl.col("x") > 0).then(pl.col("x")).otherwise(pl.col("k")))',
  'left.rename({"s": "name"}).drop("b").cast({"x": pl.Float64}).fill_null(0)',
  'left.drop_nulls("y").with_columns(pl.col("y").round(1), pl.coalesce("x", "k").alias("z"))',
  'left.filter(pl.col("k").is_in([1, 2]), pl.col("s").str.contains("a"))',
  'left.with_columns(pl.col("s").str.to_date("%Y-%m-%d", strict=False).dt.year().alias("year"))',
])('looks at each row alone: %s', (text) => {
  expect(why(text)).toBeUndefined();
});

test.each([
  ['left.sort("x")', 'sort looks at more than one row'],
  ['left.group_by("k").agg(pl.len())', 'group_by looks at more than one row'],
  ['left.unique()', 'unique looks at more than one row'],
  ['left.head(3)', 'head looks at more than one row'],
  ['left.with_row_index()', 'with_row_index looks at more than one row'],
  ['left.join(right, on="k")', 'join looks at more than one row'],
  [
    'left.select(pl.col("x").sum())',
    'sum looks at more than one row, or its type comes from the values',
  ],
  ['left.with_columns(pl.col("x").cum_sum())', 'cum_sum looks at more'],
  ['left.with_columns(pl.col("x") / pl.col("x").max())', 'max looks at more'],
  ['left.with_columns(pl.col("x").sum().over("k"))', 'sum looks at more'],
  ['left.filter(pl.col("x").is_in(pl.col("k")))', 'is_in looks at more'],
  ['left.with_columns(pl.col("x").fill_null(strategy="forward"))', 'fill_null looks at more'],
  ['left.fill_null(strategy="max")', 'fill_null by a strategy'],
  ['left.with_columns(pl.col("s").str.to_date(strict=False))', 'str.to_date looks at more'],
  ['left.with_columns(pl.col("s").cast(pl.Categorical))', 'cast looks at more'],
  ['left.select(pl.lit(1))', 'select makes a row'],
  ['left.sort("x").filter(pl.col("x") > 1)', 'sort looks at more'],
])('does not: %s', (text, reason) => {
  expect(why(text)).toContain(reason);
});

const CELLS = {
  int64: fc.option(fc.integer({ min: -2, max: 3 })),
  float64: fc.option(fc.constantFrom(-1.5, 0, 1, 2.5)),
  boolean: fc.option(fc.boolean()),
  string: fc.option(fc.constantFrom('a', 'bb', '')),
};

const ROWS_MAX = 12;
const columns = PROGRAM_INPUTS['left']!;

const rows = fc.array(
  fc.tuple(...columns.map(({ type }) => CELLS[type.kind as keyof typeof CELLS])),
  { maxLength: ROWS_MAX },
);

function inputsOf(chosen: readonly Cells[]): Inputs {
  const cells = (at: number) => chosen.map((row) => row[at] ?? null);
  const left = Object.fromEntries(columns.map(({ name }, at) => [name, cells(at)]));
  const right = Object.fromEntries(PROGRAM_INPUTS['right']!.map(({ name }) => [name, []]));
  return { left, right };
}

/** Names and types of the columns, and the rows as texts in an order of their own; undefined where Polars fails. */
function resultOf(program: Program, chosen: readonly Cells[]) {
  try {
    const frame = executePlan(toFramePlan(program, {}), toFrames(inputsOf(chosen), PROGRAM_INPUTS));
    const texts = [...columnTexts(frame).values()].map((text) => JSON.parse(text) as unknown[]);
    const count = frame.height;
    const found = Array.from({ length: count }, (_, row) =>
      JSON.stringify(texts.map((column) => column[row])),
    );
    return {
      types: JSON.stringify(frame.schema, (_, value) => String(value?.variant ?? value)),
      columns: frame.columns,
      rows: found,
    };
  } catch {
    return undefined;
  }
}

test('parts give what the whole gives', () => {
  let compared = 0;
  const programs = fc
    .array(fc.nat(10_000), { minLength: 120, maxLength: 120 })
    .map((choices) => randomProgram(choices.concat(choices, choices)))
    .filter((text) => text.startsWith('left') && why(text) === undefined);
  fc.assert(
    fc.property(programs, rows, fc.array(fc.nat(2), { minLength: ROWS_MAX }), (text, given, of) => {
      const program = parse(text);
      const whole = resultOf(program, given as readonly Cells[]);
      const parts = [0, 1, 2].map((part) =>
        resultOf(program, given.filter((_, row) => of[row] === part) as readonly Cells[]),
      );
      if (whole === undefined) return;
      compared += 1;
      expect(parts.flatMap((part) => part?.rows ?? ['failed']).toSorted()).toEqual(
        whole.rows.toSorted(),
      );
      for (const part of parts) expect(part?.columns).toEqual(whole.columns);
      for (const part of parts) expect(part?.types).toBe(whole.types);
    }),
    { numRuns: 400 },
  );
  expect(compared).toBeGreaterThan(300);
});
