import { nearestName } from '@floe/errors';
import type { DataType, TimeUnit } from '../data-type.ts';
import { datetime, duration, list } from '../types/kinds.ts';
import type { Cursor } from './cursor.ts';

const TYPES: ReadonlyMap<string, DataType> = new Map(
  Object.entries<DataType>({
    boolean: { kind: 'boolean' },
    bool: { kind: 'boolean' },
    tinyint: { kind: 'int8' },
    int1: { kind: 'int8' },
    smallint: { kind: 'int16' },
    int2: { kind: 'int16' },
    int16: { kind: 'int16' },
    int: { kind: 'int32' },
    integer: { kind: 'int32' },
    mediumint: { kind: 'int32' },
    int4: { kind: 'int32' },
    int32: { kind: 'int32' },
    bigint: { kind: 'int64' },
    int8: { kind: 'int64' },
    int64: { kind: 'int64' },
    utinyint: { kind: 'uint8' },
    uint1: { kind: 'uint8' },
    usmallint: { kind: 'uint16' },
    uint2: { kind: 'uint16' },
    uint16: { kind: 'uint16' },
    uint: { kind: 'uint32' },
    uinteger: { kind: 'uint32' },
    uint4: { kind: 'uint32' },
    uint32: { kind: 'uint32' },
    ubigint: { kind: 'uint64' },
    uint8: { kind: 'uint64' },
    uint64: { kind: 'uint64' },
    real: { kind: 'float32' },
    float4: { kind: 'float32' },
    float: { kind: 'float64' },
    float8: { kind: 'float64' },
    double: { kind: 'float64' },
    date: { kind: 'date' },
    time: { kind: 'time' },
    bytea: { kind: 'binary' },
    bytes: { kind: 'binary' },
    blob: { kind: 'binary' },
    binary: { kind: 'binary' },
    varbinary: { kind: 'binary' },
    ...Object.fromEntries(
      ['char', 'character', 'clob', 'string', 'text', 'uuid', 'varchar'].map((name) => [
        name,
        { kind: 'string' } as const,
      ]),
    ),
  }),
);
const SIZED: ReadonlyMap<string, (sizes: readonly number[]) => DataType | null> = new Map(
  Object.entries<(sizes: readonly number[]) => DataType | null>({
    decimal: decimalOf,
    numeric: decimalOf,
    dec: decimalOf,
    timestamp: ([digits]) => momentOf(digits, (unit) => datetime(unit, null)),
    datetime: ([digits]) => momentOf(digits, (unit) => datetime(unit, null)),
    interval: ([digits]) => momentOf(digits, duration),
    float: ([digits = 53]) => (digits <= 24 ? { kind: 'float32' } : { kind: 'float64' }),
  }),
);
/** What Polars takes where no size is given. */
const DECIMAL = [38, 9] as const;
const UNSIGNED: Readonly<Record<string, DataType>> = {
  int8: { kind: 'uint8' },
  int16: { kind: 'uint16' },
  int32: { kind: 'uint32' },
  int64: { kind: 'uint64' },
};
/** Types of fixed digits keep them in text, too: `VARCHAR(20)` is a String. */
const MILLIS = 3;
const MICROS = 6;

function decimalOf(sizes: readonly number[]): DataType | null {
  const [precision, scale] = sizes.length === 0 ? DECIMAL : [sizes[0] ?? 38, sizes[1] ?? 0];
  return { kind: 'decimal', precision, scale };
}

function momentOf(digits: number | undefined, of: (unit: TimeUnit) => DataType): DataType {
  if (digits === undefined) return of('us');
  return of(digits <= MILLIS ? 'ms' : digits <= MICROS ? 'us' : 'ns');
}

/** A type of SQL as the type that Polars makes of it. */
export function readType(cursor: Cursor): DataType {
  const span = cursor.here();
  const piece = cursor.next();
  const name = piece?.kind === 'word' ? piece.text.toLowerCase() : '';
  if (name === 'double') cursor.take('precision');
  if (name === 'character' || name === 'char') cursor.take('varying');
  const sizes = readSizes(cursor);
  if (name === 'time' || name === 'timestamp') readZone(cursor);
  const sized = SIZED.get(name);
  const known = sized === undefined ? TYPES.get(name) : (sized(sizes) ?? undefined);
  const unsigned =
    known !== undefined && cursor.take('unsigned') ? UNSIGNED[known.kind] : undefined;
  const type = unsigned ?? known;
  if (type === undefined) {
    const near = nearestName(name, [...TYPES.keys(), ...SIZED.keys()]);
    return cursor.fail(
      span,
      `\`${piece?.text ?? ''}\` is not a type of SQL that Polars knows`,
      near
        ? `did you mean ${near.toUpperCase()}?`
        : 'like BIGINT, DOUBLE, VARCHAR, DATE or TIMESTAMP',
    );
  }
  return readLists(cursor, type);
}

function readSizes(cursor: Cursor): readonly number[] {
  const sizes: number[] = [];
  if (!cursor.takeMark('(')) return sizes;
  do {
    const span = cursor.here();
    const size = Number(cursor.next()?.text);
    if (!Number.isInteger(size)) cursor.fail(span, 'a size is a number');
    sizes.push(size);
  } while (cursor.takeMark(','));
  cursor.expectMark(')', 'after the size');
  return sizes;
}

function readZone(cursor: Cursor): void {
  const span = cursor.here();
  if (cursor.take('without', 'time', 'zone')) return;
  if (cursor.take('with', 'time', 'zone'))
    cursor.fail(span, 'the SQL of Polars has no times with a zone', 'convert it under `polars`');
}

function readLists(cursor: Cursor, type: DataType): DataType {
  let found = type;
  while (cursor.takeMark('[')) {
    cursor.expectMark(']', 'after `[`');
    found = list(found);
  }
  return found;
}
