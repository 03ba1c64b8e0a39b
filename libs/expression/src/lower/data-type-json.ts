import { assertNever } from '@floe/errors';
import type { DataType, TimeUnit } from '../data-type.ts';
import { formatDataType } from '../format-data-type.ts';
import type { Json } from '../json.ts';

const UNITS: Readonly<Record<TimeUnit, string>> = {
  ms: 'Milliseconds',
  us: 'Microseconds',
  ns: 'Nanoseconds',
};

export const unitJson = (unit: TimeUnit): Json => UNITS[unit];
export const timezoneJson = (timezone: string | null): Json =>
  timezone === null ? null : { inner: timezone };

/** A type as Polars' expression JSON writes it. */
export function dataTypeJson(type: DataType): Json {
  switch (type.kind) {
    case 'decimal':
      return { Decimal: [type.precision, type.scale] };
    case 'datetime':
      return { Datetime: [unitJson(type.unit), timezoneJson(type.timezone)] };
    case 'duration':
      return { Duration: unitJson(type.unit) };
    case 'list':
      return { List: dataTypeJson(type.inner) };
    case 'array':
      return { Array: [dataTypeJson(type.inner), type.width] };
    case 'struct':
      return {
        Struct: type.fields.map((field) => ({ name: field.name, dtype: dataTypeJson(field.type) })),
      };
    case 'categorical':
      return { Categorical: { name: '', namespace: '', physical: 'U32' } };
    case 'unknown':
      return assertNever(type as never);
    default:
      return formatDataType(type);
  }
}
