export { MAX_PREVIEW_ROWS, datasetSchema, previewDataset } from './arrow/preview-dataset.ts';
export type { DatasetPreview } from './arrow/preview-dataset.ts';
export type { PreviewValue } from './arrow/preview-value.ts';
export { encodeDataset } from './copy/encode-dataset.ts';
export { planLoadColumns, tableColumnsFor } from './copy/plan-load-columns.ts';
export type {
  ColumnNames,
  LoadColumn,
  LoadPlan,
  NewColumn,
  TargetColumn,
} from './copy/plan-load-columns.ts';
export type { PostgresColumn, PostgresType } from './copy/postgres-types.ts';
export { writeDatasetFromCopy } from './copy/write-dataset.ts';
export type { DatasetFacts, WriteDatasetOptions } from './copy/write-dataset.ts';
export { executeFramePlan, polarsVersion } from './polars/execute-frame-plan.ts';
export type { ExecuteOptions } from './polars/execute-frame-plan.ts';
export { datasetFromCsv, datasetFromParquet } from './polars/import-file.ts';
export { readDatasetFacts } from './polars/sink-dataset.ts';
