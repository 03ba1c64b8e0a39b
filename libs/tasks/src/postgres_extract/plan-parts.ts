import { availableParallelism } from 'node:os';
import { type TargetSession, quoteIdentifier, renderTypedLiteral } from '@floe/database/target';
import { FloeError } from '@floe/errors';
import type { PostgresColumn } from '@floe/frame/columns';
import type { ExtractOptions } from './extract-options.ts';
import { type Cut, cutColumn } from './cut-column.ts';
import { type RowWiseQuery, parseRowWiseQuery } from './row-wise-query.ts';

/** How the rows of a query are read: each query gives some of them, all together give all of them once. */
export type ExtractParts = {
  readonly queries: readonly string[];
  /** They share the queries; never more than there are. */
  readonly connections: number;
  /** Rows that the planner expects of all parts. */
  readonly expectedRows: number;
  /** Why it is one part although more were asked for. */
  readonly whyOne?: string;
};

/** A connection for less than this costs more than it gives. */
const PART_BYTES_MIN = 32 * 1024 * 1024;
/** Some 50 ms of reading, so that the few milliseconds in which a connection goes on to the next range are not felt. */
const RANGE_BYTES_MIN = 8 * 1024 * 1024;
/** Ranges that a connection takes; the last one is an eighth of its share. */
const TURNS = 4;
/** Without being asked to, an extract leaves most connections of a server to others. */
const PARTS_BY_DEFAULT_MAX = 8;
/** Before it a range of ctid was looked for in the whole table. */
const TID_RANGE_SCAN_SINCE = 140_000;
const NO_RANGE_SCAN =
  'a PostgreSQL before 14 looks for a range of pages in the whole table; with split_by it can be shared';

/** Decides into which parts a query falls. The session stands in the transaction that will read. */
export async function planParts(
  session: TargetSession,
  query: string,
  options: ExtractOptions & { readonly columns: readonly PostgresColumn[] },
): Promise<ExtractParts> {
  const plan = await explain(session, query);
  const expectedRows = rowsOf(plan);
  const one = { queries: [query], connections: 1, expectedRows };
  if (options.parallel === 1) return one;
  if (options.splitBy !== undefined) {
    const queries = await splitByColumn(session, query, options);
    return { queries, connections: queries.length, expectedRows };
  }
  // Parts wait for each other: a pooler that has too few connections for them would let them wait in vain.
  const byDefault = !session.isPooled && readsWholeTable(plan);
  const isWorthIt = options.parallel !== undefined || byDefault;
  const split = isWorthIt ? await splitByPages(session, query, options.parallel) : NO_TABLE;
  if (typeof split === 'string')
    return options.parallel === undefined ? one : { ...one, whyOne: split };
  return { ...split, expectedRows };
}

const NO_TABLE = 'it is not one select of one table; with split_by any query can be shared';

type PlanNode = {
  readonly 'Node Type'?: string;
  readonly 'Plan Rows'?: number;
  readonly Plans?: readonly PlanNode[];
};

/** Rows that the planner expects of a query. */
export async function expectRows(session: TargetSession, query: string): Promise<number> {
  return rowsOf(await explain(session, query));
}

function rowsOf(plan: PlanNode): number {
  return plan['Plan Rows'] ?? 0;
}

async function explain(session: TargetSession, query: string): Promise<PlanNode> {
  const [row] = await session.query<{ 'QUERY PLAN': readonly { readonly Plan?: PlanNode }[] }>(
    `explain (format json) ${query}`,
  );
  return row?.['QUERY PLAN'][0]?.Plan ?? {};
}

/** An index that finds a few rows is better left alone: parts would read the table instead. */
function readsWholeTable(node: PlanNode): boolean {
  switch (node['Node Type']) {
    case 'Seq Scan':
      return true;
    case 'Gather':
    case 'Append':
    case 'Result':
    case 'ProjectSet':
      return node.Plans?.every(readsWholeTable) ?? false;
    default:
      return false;
  }
}

/** Shares the pages of the table. Returns the queries, or why it cannot. */
async function splitByPages(
  session: TargetSession,
  query: string,
  parallel: number | undefined,
): Promise<Pick<ExtractParts, 'queries' | 'connections'> | string> {
  const shared = await findSharedTable(session, query);
  if (typeof shared === 'string') return shared;
  const { rowWise, table } = shared;
  const byDefault = Math.min(availableParallelism(), PARTS_BY_DEFAULT_MAX);
  const worthwhile = Math.floor(table.bytes / PART_BYTES_MIN);
  const connections = Math.min(parallel ?? Math.min(byDefault, worthwhile), table.pages);
  if (connections <= 1) return 'the table is too small to be shared';
  const cuts = cutForConnections(table, connections);
  return { queries: pageRanges(cuts).map((condition) => rowWise.restrict(condition)), connections };
}

/**
 * More ranges than connections, where they are large enough: the rows that a condition wants may lie close together, and none
 * is to wait for another. Each connection begins with half of its share; what is left becomes smaller and smaller, so that few
 * go on to another range, and all end together.
 */
export function cutForConnections(table: TableExtent, connections: number): number[] {
  const isWorthIt = table.bytes / connections / 2 ** (TURNS - 1) >= RANGE_BYTES_MIN;
  if (!isWorthIt) return cutPages(table, connections);
  const shares = Array.from({ length: TURNS }, (_, turn) => 1 / 2 ** Math.min(turn + 1, TURNS - 1));
  const ranges = shares.flatMap((share) => Array.from({ length: connections }, () => share));
  let end = 0;
  return ranges.slice(0, -1).map((share) => {
    end += share / connections;
    return Math.round(end * table.pages);
  });
}

type SharedTable = { readonly rowWise: RowWiseQuery; readonly table: TableSize };

/** The table whose pages can be shared to read the query in parts, or why there is none. */
export async function findSharedTable(
  session: TargetSession,
  query: string,
): Promise<SharedTable | string> {
  const rowWise = parseRowWiseQuery(query);
  if (rowWise === undefined || !(await isSameInEverySession(session, rowWise))) return NO_TABLE;
  const table = await measureTable(session, rowWise.table);
  if (!table.isPaged) return 'what it reads is no table whose pages can be shared';
  return table.findsPages ? { rowWise, table } : NO_RANGE_SCAN;
}

/** Pages at which each part but the first begins. */
export function cutPages({ pages }: Pick<TableExtent, 'pages'>, parts: number): number[] {
  return Array.from({ length: parts - 1 }, (_, index) => Math.round(((index + 1) * pages) / parts));
}

/** The first and the last range have no end, so that pages that came since belong to one. */
export function pageRanges(cuts: readonly number[]): string[] {
  const lower = cuts.map((page) => `ctid >= '(${page},0)'::tid`);
  const upper = cuts.map((page) => `ctid < '(${page},0)'::tid`);
  return [...upper, undefined].map((end, index) =>
    [lower[index - 1], end].filter((each) => each !== undefined).join(' and '),
  );
}

type TableExtent = { readonly bytes: number; readonly pages: number };

type TableSize = TableExtent & {
  /** A table, or all of its partitions, of which each has pages. */
  readonly isPaged: boolean;
  /** Whether the server goes straight to a range of pages. */
  readonly findsPages: boolean;
};

type SizeRow = {
  bytes: number | null;
  pages: number | null;
  is_paged: boolean;
  finds_pages: boolean;
};

/** Partitions and heirs share the ranges: each has its own pages, and each page lies in one range. */
async function measureTable(session: TargetSession, name: string): Promise<TableSize> {
  const [row] = await session.query<SizeRow>(
    `with recursive family as (
       select to_regclass($1)::oid as oid
       union select i.inhrelid from pg_inherits i join family f on i.inhparent = f.oid
     ), member as (
       select c.relkind, pg_relation_size(c.oid)::float8 as bytes from family f join pg_class c on c.oid = f.oid
     )
     select sum(bytes) as bytes, max(bytes) / current_setting('block_size')::int as pages,
            coalesce(bool_and(relkind in ('r', 'p', 'm')), false) as is_paged,
            current_setting('server_version_num')::int >= $2 as finds_pages
     from member`,
    [name, TID_RANGE_SCAN_SINCE],
  );
  return {
    bytes: row?.bytes ?? 0,
    pages: Math.floor(row?.pages ?? 0),
    isPaged: row?.is_paged === true,
    findsPages: row?.finds_pages === true,
  };
}

/** Functions of the server that are not immutable, but the same for all who have the same settings. */
const SAME_WITH_SAME_SETTINGS = [
  'concat',
  'concat_ws',
  'date_part',
  'date_trunc',
  'format',
  'timezone',
  'to_char',
  'to_json',
  'to_jsonb',
  'to_timestamp',
];

async function isSameInEverySession(
  session: TargetSession,
  { functions }: RowWiseQuery,
): Promise<boolean> {
  if (functions.length === 0) return true;
  const [row] = await session.query<{ is_same: boolean }>(
    `select coalesce(bool_and(p.prokind = 'f' and (
              p.provolatile = 'i' or p.proname = any ($2) and p.pronamespace = 'pg_catalog'::regnamespace
            )), false) as is_same
     from unnest($1::text[]) as f (name) left join pg_proc p on p.proname = f.name`,
    [functions, SAME_WITH_SAME_SETTINGS],
  );
  return row?.is_same === true;
}

async function splitByColumn(
  session: TargetSession,
  query: string,
  options: ExtractOptions & { readonly columns: readonly PostgresColumn[] },
): Promise<readonly string[]> {
  const name = options.splitBy ?? '';
  const column = findColumn(name, options.columns);
  const parts = options.parallel ?? Math.min(availableParallelism(), PARTS_BY_DEFAULT_MAX);
  const cuts = await cutColumn(session, query, { column, parts });
  if (cuts.length === 0) return [query];
  return columnRanges(name, cuts).map((condition) => restrictAny(query, condition));
}

/** The line break ends a comment at the end of the query. */
export function restrictAny(query: string, condition: string): string {
  return `select * from (${query}\n) as floe_part where ${condition}`;
}

/** One range more than there are cuts. */
export function columnRanges(name: string, cuts: readonly Cut[]): string[] {
  const quoted = quoteIdentifier(name);
  const literals = cuts.map(renderTypedLiteral);
  return [...literals, undefined].map((end, index) => {
    const start = literals[index - 1];
    const range = [
      ...(start === undefined ? [] : [`${quoted} >= ${start}`]),
      ...(end === undefined ? [] : [`${quoted} < ${end}`]),
    ].join(' and ');
    // NULL lies in no range; the first part takes it.
    if (start !== undefined) return range;
    return end === undefined ? 'true' : `(${range} or ${quoted} is null)`;
  });
}

/** The column that `split_by` names. Errors: ARGUMENT_INVALID. */
export function findColumn(name: string, columns: readonly PostgresColumn[]): PostgresColumn {
  const column = columns.find((each) => each.name === name);
  if (column !== undefined) return column;
  throw new FloeError(
    'ARGUMENT_INVALID',
    `split_by names "${name}", which the query does not give`,
    {
      details: { field: 'split_by' },
      hint: `it gives: ${columns.map((each) => each.name).join(', ')}`,
    },
  );
}
