/** Databases of users, without what the control database needs: executors and their workers load no more than this. */
export { cancelBackend } from './target/cancel-backend.ts';
export type { CopyReceiver } from './target/copy-out.ts';
export { describeQuery } from './target/describe-query.ts';
export type { QueryColumn } from './target/describe-query.ts';
export { describeTable, findTable } from './target/describe-table.ts';
export type {
  ColumnRight,
  TableColumn,
  TableKind,
  TableRight,
  TargetTable,
  UniqueKey,
} from './target/describe-table.ts';
export { findOrigins, findRelations, resolveTableName } from './target/find-origins.ts';
export type { ColumnOrigin, RelationName } from './target/find-origins.ts';
export { parseTableName, quoteIdentifier, quoteTableName } from './target/identifiers.ts';
export type { TableName } from './target/identifiers.ts';
export { isRaised, refusedCopyOf } from './target/refused-copy.ts';
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
