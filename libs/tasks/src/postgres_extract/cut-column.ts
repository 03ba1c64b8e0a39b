import { type TargetSession, quoteIdentifier } from '@floe/database/target';
import { FloeError } from '@floe/errors';
import type { PostgresColumn } from '@floe/frame/columns';

export const CUT_KINDS = ['bigint', 'date', 'timestamp', 'timestamptz'] as const;

type CutType = (typeof CUT_KINDS)[number];

/** A value at which a part begins. */
export type Cut = { readonly type: CutType; readonly text: string };

/** Types whose values lie evenly enough between the least and the greatest, by OID. */
const CUT_TYPES: ReadonlyMap<number, CutType> = new Map([
  [20, 'bigint'],
  [21, 'bigint'],
  [23, 'bigint'],
  [1082, 'date'],
  [1114, 'timestamp'],
  [1184, 'timestamptz'],
]);

/** ISO notation, whatever the session's DateStyle. */
const CUTS: Readonly<Record<CutType, { readonly cut: string; readonly text: string }>> = {
  bigint: { cut: 'lo + trunc((hi::numeric - lo) * i / n)::bigint', text: 'cut::text' },
  date: { cut: 'lo + ((hi - lo)::bigint * i / n)::int', text: `to_char(cut, 'YYYY-MM-DD')` },
  timestamp: {
    cut: 'lo + (hi - lo) * (i::float8 / n)',
    text: `to_char(cut, 'YYYY-MM-DD"T"HH24:MI:SS.US')`,
  },
  timestamptz: {
    cut: 'lo + (hi - lo) * (i::float8 / n)',
    text: `to_char(cut at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
  },
};

/** Years that the notation of a literal has four digits for. */
const FIRST_YEAR = '0001-01-01';
const LAST_YEAR = '9999-12-31';

/**
 * Values that cut a column of a query into parts of about the same width. Fewer than asked for where the
 * column has few values. Errors: ARGUMENT_INVALID for a column of another type.
 */
export async function cutColumn(
  session: TargetSession,
  query: string,
  { column, parts }: { readonly column: PostgresColumn; readonly parts: number },
): Promise<readonly Cut[]> {
  const type = CUT_TYPES.get(column.type.oid);
  if (type === undefined)
    throw new FloeError(
      'ARGUMENT_INVALID',
      `split_by names "${column.name}" of type ${column.type.name}, which has no even ranges`,
      { details: { field: 'split_by' }, hint: 'choose a column of integers, dates or timestamps' },
    );
  const name = quoteIdentifier(column.name);
  const isCuttable =
    type === 'bigint' ? 'true' : `${name} >= '${FIRST_YEAR}' and ${name} < '${LAST_YEAR}'`;
  const { cut, text } = CUTS[type];
  const rows = await session.query<{ cut: string }>(
    `with ends as (
       select min(${name}) as lo, max(${name}) as hi from (${query}\n) as floe_part where ${isCuttable}
     ), cuts as (
       select distinct ${cut} as cut from ends, (select $1::int as n) as parts, generate_series(1, n - 1) as i
       where lo < hi
     )
     select ${text} as cut from cuts order by cuts.cut`,
    [parts],
  );
  return rows.map((row) => ({ type, text: row.cut }));
}
