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
export * from './target.ts';
