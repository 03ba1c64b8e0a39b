/**
 * What people are shown of a dataset: its first rows, and what its columns hold.
 *
 * Statistics are of the first rows only, so that a table of any size costs milliseconds; the profile says of how many.
 * Values of masked columns appear nowhere in it.
 */
import { rm } from 'node:fs/promises';
import { parseProgram, toFramePlan, type DataType, type Schema } from '@floe/expression';
import { collectFramePlan, MAX_PREVIEW_ROWS, previewDataset, type PreviewValue } from '@floe/frame';
import { isMaskedColumn, MASK } from '../masked-columns.ts';
import type { DatasetReference } from '../runner.ts';
import type { ColumnProfile, DatasetProfile } from './dataset-profile.ts';
import { shortenValue } from './shorten-value.ts';

// Some ten milliseconds of Polars, whatever the table.
const PROFILED_ROWS_MAX = 100_000;
// A wider table is shown in its first columns.
const PROFILED_COLUMNS_MAX = 200;

export type ProfileOptions = {
  readonly path: string;
  readonly dataset: DatasetReference;
  /** Columns whose values people must not see, besides those whose name says so. */
  readonly masked: ReadonlySet<string>;
};

export async function profileDataset({
  path,
  dataset,
  masked,
}: ProfileOptions): Promise<DatasetProfile> {
  const schema = dataset.schema.slice(0, PROFILED_COLUMNS_MAX);
  const isMasked = schema.map(({ name }) => isMaskedColumn(name, masked));
  const shorten = (value: PreviewValue) => shortenValue(value, masked);
  const { rows } = await previewDataset(path, MAX_PREVIEW_ROWS, shorten);
  const statistics = dataset.rows === 0 ? [] : await readStatistics(path, schema, isMasked);
  return {
    rows: dataset.rows,
    profiledRows: Math.min(dataset.rows, PROFILED_ROWS_MAX),
    columns: schema.map((column, index) => ({
      ...column,
      masked: isMasked[index]!,
      ...statistics[index],
    })),
    preview: rows.map((row) =>
      schema.map((_, index) => (isMasked[index]! ? MASK : (row[index] ?? null))),
    ),
  };
}

const NONE: ReadonlySet<string> = new Set();

type Statistics = Omit<ColumnProfile, 'name' | 'type' | 'masked'>;

async function readStatistics(
  path: string,
  schema: Schema,
  isMasked: readonly boolean[],
): Promise<readonly Statistics[]> {
  const wanted = schema.map(({ type }, index) => measuresOf(type, isMasked[index]!));
  const scratch = `${path}.profile.ipc`;
  const program = parseProgram(statisticsProgram(schema, wanted), { inputs: ['rows'] });
  try {
    await collectFramePlan(toFramePlan(program, {}), { inputs: { rows: path }, output: scratch });
    const { rows } = await previewDataset(scratch, 1);
    const values = (rows[0] ?? []).values();
    return wanted.map((measures) =>
      Object.fromEntries(
        measures.map((measure) => [measure, shortenValue(values.next().value ?? null, NONE)]),
      ),
    );
  } finally {
    await rm(scratch, { force: true });
  }
}

type Measure = Exclude<keyof Statistics, 'distinctAtLeast'>;

const NUMERIC = /^(u?int|float)\d+$|^decimal$/;
const ORDERED = /^(date|datetime|time|duration|string)$/;

function measuresOf({ kind }: DataType, isMasked: boolean): readonly Measure[] {
  if (isMasked) return ['nulls'];
  if (NUMERIC.test(kind)) return ['nulls', 'distinct', 'min', 'max', 'mean'];
  if (ORDERED.test(kind)) return ['nulls', 'distinct', 'min', 'max'];
  return kind === 'boolean' ? ['nulls', 'distinct'] : ['nulls'];
}

const METHODS: Readonly<Record<Measure, string>> = {
  nulls: 'null_count()',
  // As SQL counts them: NULL is no value.
  distinct: 'drop_nulls().n_unique()',
  min: 'min()',
  max: 'max()',
  mean: 'mean()',
};

function statisticsProgram(schema: Schema, wanted: readonly (readonly Measure[])[]): string {
  const expressions = schema.flatMap(({ name }, index) =>
    wanted[index]!.map(
      (measure) =>
        `pl.col(${JSON.stringify(name)}).${METHODS[measure]}.alias("${index}_${measure}")`,
    ),
  );
  return `rows.head(${PROFILED_ROWS_MAX}).select(${expressions.join(', ')})`;
}
