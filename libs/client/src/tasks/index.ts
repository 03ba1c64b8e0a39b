export { defineTask } from './task-package.ts';
export type {
  ColumnTypes,
  CustomTask,
  FieldValues,
  HttpConnection,
  KnownTask,
  PostgresConnection,
  TaskField,
  TaskFields,
  TaskRow,
  TaskRun,
} from './task-package.ts';
