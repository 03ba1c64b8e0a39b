import type { ColumnType } from './column-types.ts';

/** One value of many rows: what `agg` takes, and nothing else does. */
export class Aggregate<Type extends ColumnType = ColumnType> {
  readonly text: string;
  readonly type: Type;

  constructor(text: string, type: Type) {
    this.text = text;
    this.type = type;
  }

  /** Of a mean, mostly. */
  round(this: Aggregate<'Float32' | 'Float64'>, decimals = 0): Aggregate<Type> {
    return new Aggregate(`${this.text}.round(${decimals})`, this.type as Type);
  }
}

/** How many rows there are. */
export function rowCount(): Aggregate<'UInt32'> {
  return new Aggregate('pl.len()', 'UInt32');
}
