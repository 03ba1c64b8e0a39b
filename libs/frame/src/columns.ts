/** What can be said of columns without touching a row: this door loads no Polars. */
export {
  DEFAULT_EXTRACT_POLICY,
  planExtractColumns,
  schemaOfExtract,
} from './copy/plan-extract-columns.ts';
export type {
  ExtractColumn,
  ExtractPolicy,
  NumericPolicy,
  UnfitPolicy,
} from './copy/plan-extract-columns.ts';
export { planLoadColumns, tableColumnsFor } from './copy/plan-load-columns.ts';
export type {
  ColumnNames,
  LoadColumn,
  LoadPlan,
  NewColumn,
  TargetColumn,
} from './copy/plan-load-columns.ts';
export { numericShape } from './copy/postgres-types.ts';
export type { PostgresColumn, PostgresType } from './copy/postgres-types.ts';
