import type { Column, DataType, TimeUnit } from './data-type.ts';

// Deeper nesting is no table that anybody works with.
const DEPTH_MAX = 16;

const SIMPLE: Readonly<Record<string, DataType>> = Object.fromEntries(
  (
    [
      ['Boolean', 'boolean'],
      ['Int8', 'int8'],
      ['Int16', 'int16'],
      ['Int32', 'int32'],
      ['Int64', 'int64'],
      ['UInt8', 'uint8'],
      ['UInt16', 'uint16'],
      ['UInt32', 'uint32'],
      ['UInt64', 'uint64'],
      ['Float32', 'float32'],
      ['Float64', 'float64'],
      ['String', 'string'],
      ['Utf8', 'string'],
      ['Binary', 'binary'],
      ['Date', 'date'],
      ['Time', 'time'],
      ['Categorical', 'categorical'],
      ['Null', 'null'],
    ] as const
  ).map(([name, kind]) => [name, { kind }]),
);

/** Names that a data type may begin with, for "did you mean". */
export const DATA_TYPE_NAMES: readonly string[] = [
  ...Object.keys(SIMPLE),
  'Decimal',
  'Datetime',
  'Duration',
  'List',
  'Struct',
];

/**
 * A type as people write it for Polars: `Int64`, `pl.Datetime('us', 'UTC')`, `List(Int64)`, `Struct({'a': Date})`. It
 * reads everything that `formatDataType` writes, except `Unknown`. Undefined when the text is no type.
 */
export function parseDataType(text: string): DataType | undefined {
  const reader = new TypeReader(text);
  const type = reader.type(0);
  return reader.isAtEnd ? type : undefined;
}

/** Reads from left to right; undefined anywhere means that the text is no type. */
class TypeReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    this.#skip(/\s*/y);
    return this.#at === this.#text.length;
  }

  type(depth: number): DataType | undefined {
    if (depth > DEPTH_MAX) return undefined;
    this.#take(/pl\./y);
    const name = this.#take(/[A-Z][A-Za-z0-9]*/y);
    if (name === undefined) return undefined;
    if (Object.hasOwn(SIMPLE, name)) return SIMPLE[name];
    switch (name) {
      case 'Decimal':
        return this.#decimal();
      case 'Datetime':
        return this.#datetime();
      case 'Duration':
        return this.#duration();
      case 'List':
        return this.#list(depth);
      case 'Struct':
        return this.#struct(depth);
      default:
        return undefined;
    }
  }

  #decimal(): DataType | undefined {
    const match = this.#take(/\(\s*\d{1,2}\s*,\s*\d{1,2}\s*\)/y);
    const [precision = 0, scale = 0] = (match?.match(/\d+/g) ?? []).map(Number);
    const isRight = precision >= 1 && precision <= 38 && scale <= precision;
    return isRight ? { kind: 'decimal', precision, scale } : undefined;
  }

  #datetime(): DataType | undefined {
    if (this.#take(/\(/y) === undefined) return { kind: 'datetime', unit: 'us', timezone: null };
    const unit = this.#unit();
    if (unit === undefined) return undefined;
    const hasZone = this.#take(/,/y) !== undefined;
    const zone = hasZone && this.#take(/None/y) === undefined ? this.#string() : null;
    if (zone === undefined || this.#take(/\)/y) === undefined) return undefined;
    return { kind: 'datetime', unit, timezone: zone };
  }

  #duration(): DataType | undefined {
    if (this.#take(/\(/y) === undefined) return { kind: 'duration', unit: 'us' };
    const unit = this.#unit();
    if (unit === undefined || this.#take(/\)/y) === undefined) return undefined;
    return { kind: 'duration', unit };
  }

  #list(depth: number): DataType | undefined {
    if (this.#take(/\(/y) === undefined) return undefined;
    const inner = this.type(depth + 1);
    if (inner === undefined || this.#take(/\)/y) === undefined) return undefined;
    return { kind: 'list', inner };
  }

  #struct(depth: number): DataType | undefined {
    if (this.#take(/\(\s*\{/y) === undefined) return undefined;
    const fields: Column[] = [];
    while (this.#take(/\}/y) === undefined) {
      if (fields.length > 0 && this.#take(/,/y) === undefined) return undefined;
      const field = this.#field(depth);
      if (field === undefined) return undefined;
      fields.push(field);
    }
    return this.#take(/\)/y) === undefined ? undefined : { kind: 'struct', fields };
  }

  #field(depth: number): Column | undefined {
    const name = this.#string();
    if (name === undefined || this.#take(/:/y) === undefined) return undefined;
    const type = this.type(depth + 1);
    return type === undefined ? undefined : { name, type };
  }

  #unit(): TimeUnit | undefined {
    const unit = this.#string();
    return unit === 'ms' || unit === 'us' || unit === 'ns' ? unit : undefined;
  }

  #string(): string | undefined {
    return this.#take(/'[^']*'|"[^"]*"/y)?.slice(1, -1);
  }

  /** The text that matches here, blanks before it passed over; undefined, and nothing taken, when it does not match. */
  #take(pattern: RegExp): string | undefined {
    const start = this.#at;
    this.#skip(/\s*/y);
    const found = this.#skip(pattern);
    if (found === undefined) this.#at = start;
    return found;
  }

  #skip(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at = pattern.lastIndex;
    return found;
  }
}
