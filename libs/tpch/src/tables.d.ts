/**
 * The eight tables of TPC-H, filled by PostgreSQL itself from numbers that only depend on the keys: the same on every
 * machine. They follow the specification where the queries look, with fewer different brands, containers and types, so
 * that every query has an answer at a small scale as well.
 */
export declare const TABLES: readonly [
  'region',
  'nation',
  'supplier',
  'customer',
  'part',
  'partsupp',
  'orders',
  'lineitem',
];
/** Statements that make and fill the tables in the schema of the connection; `scale` 1 is six million line items. */
export declare function tableStatements(scale: number): readonly string[];
