/**
 * The oracle of lineage: columns of the inputs are changed, the program runs in Polars again, and only columns that
 * the lineage names may come out changed. It hunts edges that were forgotten. Programs are those of the golden corpus
 * and random chains of frame methods.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import {
  checkProgram,
  columnLineage,
  parseProgram,
  toFramePlan,
  type ColumnLineage,
  type Program,
  type Schema,
} from '../src/index.ts';
import { executePlan } from './execute-plan.ts';
import { columnTexts, toFrames, withColumn, type Cells, type Inputs } from './perturbed-frames.ts';
import { PROGRAM_INPUTS, randomProgram } from './random-program.ts';
import { SAMPLE_SCHEMAS } from './sample-frames.ts';

/** Ten thousands of plans run: seconds on a free machine, more on a busy one. */
vi.setConfig({ testTimeout: 240_000 });

type Change = { readonly input: string; readonly column: string; readonly cells: Cells };

/** Whether the lineage lets the change of an input's column change a column of the result. */
function isNamed(lineage: ColumnLineage, name: string, { input, column }: Change): boolean {
  const isSource = (edge: { input: string; column: string }) =>
    edge.input === input && edge.column === column;
  const sources = lineage.columns.find((each) => each.name === name)?.sources ?? [];
  return lineage.dependencies.some(isSource) || sources.some(isSource);
}

/** The result's columns, or undefined where these values make the program fail. */
function run(program: Program, inputs: Inputs, schemas: Readonly<Record<string, Schema>>) {
  try {
    return columnTexts(executePlan(toFramePlan(program, {}), toFrames(inputs, schemas)));
  } catch {
    // A text that is no date, say: what fails has no columns to compare.
    return undefined;
  }
}

type Trial = {
  readonly program: Program;
  readonly inputs: Inputs;
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly changes: readonly Change[];
};

/**
 * For each column of the result all changes at once that must leave it alone, and all that may reach it. Answers the
 * columns that changed without being named, and how many of those that are named felt it.
 */
function tryChanges({ program, inputs, schemas, changes }: Trial) {
  const before = run(program, inputs, schemas);
  const repeated = run(program, inputs, schemas);
  const isRepeatable =
    JSON.stringify([...(before ?? [])]) === JSON.stringify([...(repeated ?? [])]);
  if (before === undefined || !isRepeatable) return { unnamed: [], felt: 0 };
  const lineage = columnLineage(program, schemas);
  const results = new Map<string, ReturnType<typeof run>>();
  const after = (made: readonly Change[]) => {
    const key = made.map(({ input, column }) => `${input}.${column}`).join();
    if (!results.has(key)) results.set(key, run(program, made.reduce(withColumn, inputs), schemas));
    return results.get(key);
  };
  const changesWhere = (name: string, named: boolean) =>
    after(changes.filter((change) => isNamed(lineage, name, change) === named));
  const changed = (named: boolean) =>
    [...before].filter(([name, text]) => {
      const result = changesWhere(name, named);
      return result !== undefined && result.get(name) !== text;
    });
  const unnamed = changed(false).map(([name]) => `${name}: ${program.text}`);
  return { unnamed, felt: changed(true).length };
}

const GOLDEN: Inputs = {
  raw: {
    i: [1, 2, null, 4],
    j: [10, -5, 7, null],
    f: [1.5, -2.25, null, 0.5],
    b: [true, false, null, true],
    s: ['Anna', 'bob ', null, ''],
    d: ['2024-01-31', '2023-12-25', null, '2024-02-29'],
    g: ['x', 'y', 'x', 'y'],
  },
  other: { g: ['x', 'z', 'x'], v: [1, 2, 3] },
};

const CHANGES: readonly Change[] = [
  { input: 'raw', column: 'i', cells: [3, null, 8, 4] },
  { input: 'raw', column: 'j', cells: [10, 2, null, -1] },
  { input: 'raw', column: 'f', cells: [null, 4.75, 2.5, 0.25] },
  { input: 'raw', column: 'b', cells: [false, null, true, false] },
  { input: 'raw', column: 's', cells: ['Zoe', null, 'b', 'a-b'] },
  { input: 'raw', column: 'd', cells: ['2022-06-01', null, '2024-03-03', '2024-02-28'] },
  { input: 'raw', column: 'g', cells: ['y', 'y', 'x', 'z'] },
  { input: 'other', column: 'g', cells: ['y', 'x', 'x'] },
  { input: 'other', column: 'v', cells: [3, 1, null] },
];

const read = (name: string): string =>
  readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8');

test('no program of the corpus changes a column that its lineage does not name', () => {
  const prefix = read('prefix.txt');
  const cases = read('golden.jsonl').trimEnd().split('\n');
  let felt = 0;
  const unnamed = cases.flatMap((line) => {
    const { text, fails } = JSON.parse(line) as { text: string; fails?: true };
    if (fails) return [];
    const program = parseProgram(prefix + text, { inputs: ['raw', 'other'] });
    const trial = { program, inputs: GOLDEN, schemas: SAMPLE_SCHEMAS, changes: CHANGES };
    const outcome = tryChanges(trial);
    felt += outcome.felt;
    return outcome.unnamed;
  });
  expect(unnamed).toEqual([]);
  // The changes are felt: a corpus that nothing changes would prove nothing.
  expect(felt).toBeGreaterThan(cases.length / 2);
});

const cell = (kind: string): fc.Arbitrary<Cells[number]> =>
  kind === 'string'
    ? fc.constantFrom('a', 'b', 'c', '', null)
    : kind === 'float64'
      ? fc.constantFrom(0.5, 1, -2.5, Number.NaN, null)
      : kind === 'boolean'
        ? fc.constantFrom(true, false, null)
        : fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(null));

const ROWS = 6;
const cells = (kind: string) => fc.array(cell(kind), { minLength: ROWS, maxLength: ROWS });

const frames: fc.Arbitrary<Inputs> = fc.record(
  Object.fromEntries(
    Object.entries(PROGRAM_INPUTS).map(([input, schema]) => [
      input,
      fc.record(Object.fromEntries(schema.map(({ name, type }) => [name, cells(type.kind)]))),
    ]),
  ),
);

test('random programs change only the columns that their lineage names', () => {
  let felt = 0;
  fc.assert(
    fc.property(frames, frames, fc.infiniteStream(fc.nat()), (inputs, others, choices) => {
      const text = randomProgram(choices);
      const program = parseProgram(text, { inputs: Object.keys(PROGRAM_INPUTS) });
      checkProgram(program, { inputs: PROGRAM_INPUTS });
      const changes = Object.entries(others).flatMap(([input, columns]) =>
        Object.entries(columns).map(([column, cells]) => ({ input, column, cells })),
      );
      const outcome = tryChanges({ program, inputs, schemas: PROGRAM_INPUTS, changes });
      felt += outcome.felt;
      expect(outcome.unnamed).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
  expect(felt).toBeGreaterThan(1_000);
});
