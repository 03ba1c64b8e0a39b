export { Aggregate, rowCount } from './aggregate.ts';
export type { Columns, ColumnType } from './column-types.ts';
export type {
  ScheduleOptions,
  TaskOptions,
  WorkflowDocument,
  WorkflowOptions,
} from './document-types.ts';
export { Expression, polars } from './expression.ts';
export { Frame } from './frame.ts';
export type { Row } from './frame.ts';
export { Parameter, sql } from './parameter.ts';
export type { ParameterType } from './parameter.ts';
export { workflow, WorkflowBuilder } from './workflow.ts';
export type { DoneTask, ExtractOptions, RowsTask } from './workflow.ts';
