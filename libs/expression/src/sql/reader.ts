import type { Cursor } from './cursor.ts';
import type { SqlExpression, SqlSelection } from './sql-syntax.ts';

/** How to read what expressions contain and what contains them. */
export type Reader = {
  readonly cursor: Cursor;
  readonly query: () => SqlSelection;
  readonly expression: (binding?: number) => SqlExpression;
};
