import pl from 'nodejs-polars';
import type { Schema } from '../src/index.ts';
import type { Lazy } from './execute-plan.ts';

export type Cells = readonly (number | string | boolean | null)[];
/** The values of each input by column. */
export type Inputs = Readonly<Record<string, Readonly<Record<string, Cells>>>>;

const TYPES = { int64: pl.Int64, float64: pl.Float64, boolean: pl.Bool, string: pl.Utf8 } as const;

/** Frames of these values, typed as the schemas say. */
export function toFrames(
  inputs: Inputs,
  schemas: Readonly<Record<string, Schema>>,
): Record<string, Lazy> {
  const frames = Object.entries(inputs).map(([name, columns]) => {
    const series = (schemas[name] ?? []).map((column) => {
      const type = TYPES[column.type.kind as keyof typeof TYPES];
      return pl.Series(column.name, [...(columns[column.name] ?? [])], type);
    });
    return [name, pl.DataFrame(series).lazy()] as const;
  });
  return Object.fromEntries(frames);
}

/** The inputs with other values in one column. */
export function withColumn(
  inputs: Inputs,
  { input, column, cells }: { input: string; column: string; cells: Cells },
): Inputs {
  return { ...inputs, [input]: { ...inputs[input], [column]: cells } };
}

/** Each column of a result as text, in which NaN, -0 and nested values keep apart. */
export function columnTexts(result: ReturnType<Lazy['collectSync']>): ReadonlyMap<string, string> {
  return new Map(
    result.columns.map((name) => [name, JSON.stringify(result.getColumn(name).toArray(), toText)]),
  );
}

function toText(_: string, value: unknown): unknown {
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)))
    return String(value);
  return Object.is(value, -0) ? '-0' : value;
}
