import type { DataType } from '@floe/expression';
import {
  BIGINT,
  BOOLEAN,
  DATE,
  FLOAT8,
  NUMERIC,
  TEXT,
  TIMESTAMP,
  TIMESTAMPTZ,
} from './plain-types.ts';
import { type PostgresType, wireFormatOf } from './postgres-types.ts';

type Group = 'number' | 'text' | 'time' | 'boolean';

type Carrier = { readonly group: Group; readonly type: PostgresType };

/** The type of PostgreSQL that holds every value of a column as it is. */
function carrierOf(type: DataType): Carrier | undefined {
  switch (type.kind) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'uint8':
    case 'uint16':
    case 'uint32':
      return { group: 'number', type: BIGINT };
    case 'uint64':
    case 'decimal':
      return { group: 'number', type: NUMERIC };
    case 'float32':
    case 'float64':
      return { group: 'number', type: FLOAT8 };
    case 'string':
    case 'categorical':
      return { group: 'text', type: TEXT };
    case 'boolean':
      return { group: 'boolean', type: BOOLEAN };
    case 'date':
      return { group: 'time', type: DATE };
    case 'datetime':
      return {
        group: 'time',
        type: type.timezone === null ? TIMESTAMP : TIMESTAMPTZ,
      };
    default:
      return undefined;
  }
}

const GROUPS: Readonly<Record<string, Group>> = {
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float4: 'number',
  float8: 'number',
  numeric: 'number',
  text: 'text',
  bool: 'boolean',
  date: 'time',
  timestamp: 'time',
  timestamptz: 'time',
};

/**
 * The type that values travel as when PostgreSQL converts them to that of the table, as an INSERT does: numbers are
 * rounded, texts are read, dates become times. Undefined where an INSERT would refuse them.
 */
export function convertThrough(type: DataType, target: PostgresType): PostgresType | undefined {
  const carrier = carrierOf(type);
  if (carrier === undefined || target.element !== undefined) return undefined;
  if (carrier.group === 'text') return TEXT;
  const group = GROUPS[wireFormatOf(target) ?? ''];
  return group === carrier.group || group === 'text' ? carrier.type : undefined;
}
