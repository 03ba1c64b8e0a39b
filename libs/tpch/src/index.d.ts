export { TABLES, tableStatements } from './tables.ts';
export type Query = {
  /** 1 to 22, as in the specification. */
  readonly number: number;
  /** Over frames that go by the names of the tables. */
  readonly polars: string;
  /** What PostgreSQL answers over the same tables. */
  readonly sql: string;
};
/** All of them, in order. */
export declare const QUERIES: readonly Query[];
