export { openControlDatabase } from './control/control-database.ts';
export type { ControlDatabase, ControlDatabaseOptions } from './control/control-database.ts';
export type { ControlRole } from './control/control-role.ts';
export { POOL_SIZES } from './control/pool-sizes.ts';
export type { ControlSession, NamedStatement } from './control/control-session.ts';
export { toControlError } from './control/control-error.ts';
export { MIGRATIONS_FOLDER } from './control/schema/migration-file.ts';
export { migrate } from './control/schema/migrate.ts';
export { requireSchema } from './control/schema/require-schema.ts';
export { planMigration } from './control/schema/plan-migration.ts';
export type { PlannedMigration, TableLock } from './control/schema/plan-migration.ts';
export { readSchemaStatus } from './control/schema/schema-status.ts';
export type { MigrationState, MigrationStatus } from './control/schema/schema-status.ts';
export type { MigrationReport } from './control/schema/migrate.ts';
export type {
  AttemptTable,
  ConnectionTable,
  ExecutorTable,
  FloeTables,
  LineageDatasetTable,
  LineageEdgeTable,
  OutboxTable,
  RunEventBatchTable,
  RunTable,
  TaskRunTable,
  BackfillTable,
  ScheduleSlotTable,
  ScheduleStateTable,
  ScheduleTable,
  WorkflowTable,
  WorkflowVersionTable,
} from './control/generated/tables.ts';
export { cancelBackend } from './target/cancel-backend.ts';
export type { CopyReceiver } from './target/copy-out.ts';
export { describeQuery } from './target/describe-query.ts';
export type { QueryColumn } from './target/describe-query.ts';
export { describeTable, findTable } from './target/describe-table.ts';
export type { TableColumn, TargetTable } from './target/describe-table.ts';
export { findOrigins, findRelations, resolveTableName } from './target/find-origins.ts';
export type { ColumnOrigin, RelationName } from './target/find-origins.ts';
export { parseTableName, quoteIdentifier, quoteTableName } from './target/identifiers.ts';
export type { TableName } from './target/identifiers.ts';
export { refusedCopyOf } from './target/refused-copy.ts';
export type { RefusedCopy } from './target/refused-copy.ts';
export type { TargetType } from './target/resolve-types.ts';
export {
  renderTypedLiteral,
  renderWithLiterals,
  renderWithParameters,
} from './target/sql-template.ts';
export type { SqlTemplate, SqlValue, SqlValueType } from './target/sql-template.ts';
export type { TargetAddress } from './target/target-address.ts';
export { sqlStateOf } from './target/target-error.ts';
export { openTarget } from './target/target-session.ts';
export type { TargetOptions, TargetSession } from './target/target-session.ts';
