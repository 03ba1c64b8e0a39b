import type { PostgresType } from './postgres-types.ts';

/** Types of PostgreSQL that values travel as on their way to or from another one. OIDs are those of `pg_type.dat`. */
const plain = (oid: number, name: string): PostgresType => ({
  oid,
  name,
  modifier: -1,
  isEnum: false,
});

export const BOOLEAN = plain(16, 'boolean');
export const BIGINT = plain(20, 'bigint');
export const TEXT = plain(25, 'text');
export const FLOAT8 = plain(701, 'double precision');
export const DATE = plain(1082, 'date');
export const TIMESTAMP = plain(1114, 'timestamp without time zone');
export const TIMESTAMPTZ = plain(1184, 'timestamp with time zone');
export const NUMERIC = plain(1700, 'numeric');
export const TEXT_ARRAY: PostgresType = {
  ...plain(1009, 'text[]'),
  element: TEXT,
  elementOid: TEXT.oid,
};
