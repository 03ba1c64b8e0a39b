/** What can be said of columns without touching a row: this door loads no Polars. */
export { planLoadColumns, tableColumnsFor } from './copy/plan-load-columns.ts';
export type {
  ColumnNames,
  LoadColumn,
  LoadPlan,
  NewColumn,
  TargetColumn,
} from './copy/plan-load-columns.ts';
export { schemaOfColumns } from './copy/postgres-types.ts';
export type { PostgresColumn, PostgresType } from './copy/postgres-types.ts';
