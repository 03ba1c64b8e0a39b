import * as q01 from './queries/q01.ts';
import * as q02 from './queries/q02.ts';
import * as q03 from './queries/q03.ts';
import * as q04 from './queries/q04.ts';
import * as q05 from './queries/q05.ts';
import * as q06 from './queries/q06.ts';
import * as q07 from './queries/q07.ts';
import * as q08 from './queries/q08.ts';
import * as q09 from './queries/q09.ts';
import * as q10 from './queries/q10.ts';
import * as q11 from './queries/q11.ts';
import * as q12 from './queries/q12.ts';
import * as q13 from './queries/q13.ts';
import * as q14 from './queries/q14.ts';
import * as q15 from './queries/q15.ts';
import * as q16 from './queries/q16.ts';
import * as q17 from './queries/q17.ts';
import * as q18 from './queries/q18.ts';
import * as q19 from './queries/q19.ts';
import * as q20 from './queries/q20.ts';
import * as q21 from './queries/q21.ts';
import * as q22 from './queries/q22.ts';

export { polarsSql } from './polars-sql.ts';
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
export const QUERIES: readonly Query[] = [
  q01,
  q02,
  q03,
  q04,
  q05,
  q06,
  q07,
  q08,
  q09,
  q10,
  q11,
  q12,
  q13,
  q14,
  q15,
  q16,
  q17,
  q18,
  q19,
  q20,
  q21,
  q22,
].map(({ polars, sql }, index) => ({ number: index + 1, polars: polars.trim(), sql: sql.trim() }));
