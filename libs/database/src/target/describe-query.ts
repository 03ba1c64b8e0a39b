import { FloeError, nearestName } from '@floe/errors';
import type { Connection, Submittable } from 'pg';
import { resolveTypes, type TargetType } from './resolve-types.ts';
import { type BoundSql, type SqlTemplate, renderWithParameters } from './sql-template.ts';
import { sqlStateOf } from './target-error.ts';
import type { TargetSession } from './target-session.ts';

/** A column that a query gives. PostgreSQL does not say whether it may be NULL. */
export type QueryColumn = {
  readonly name: string;
  readonly type: TargetType;
  /** Where it stands in a table or view, for a column that is taken as it is. */
  readonly origin?: { readonly relation: number; readonly attribute: number };
};

/**
 * Has PostgreSQL parse a query and say what it gives, without running it.
 *
 * Every value of the template is sent as a bind parameter whose type comes from its cast alone. PostgreSQL then lists
 * the parameters that it found: exactly as many as the template has values only if every one of them stands where a
 * value may stand. One in a string or comment is not seen as a parameter, which ends in PARAMETER_INVALID. That is why
 * the same places may afterwards be filled with literals, for COPY.
 *
 * Errors: QUERY_FAILED with line and column; TABLE_NOT_FOUND with the nearest table; PARAMETER_INVALID. In a
 * transaction an error ends it.
 */
export async function describeQuery(
  session: TargetSession,
  template: SqlTemplate,
): Promise<readonly QueryColumn[]> {
  const bound = renderWithParameters(template);
  const described = await describe(session, bound, template);
  if (described.parameterCount > bound.valueCount) throw strangeParameter();
  if (described.parameterCount < bound.valueCount) throw misplacedParameter();
  if (described.columns.length === 0)
    throw new FloeError('QUERY_FAILED', 'the query gives no columns', {
      hint: 'an extract needs one select, values or table statement',
    });
  const types = await resolveTypes(session, await findDimensions(session, described.columns));
  return described.columns.map((column, index) => toQueryColumn(column, types[index]!));
}

/** PostgreSQL gives 0 for a column that it computes. */
function toQueryColumn(described: DescribedColumn, type: TargetType): QueryColumn {
  const { name, tableID: relation, columnID: attribute } = described;
  return relation === 0 ? { name, type } : { name, type, origin: { relation, attribute } };
}

function misplacedParameter(cause?: unknown): FloeError {
  return new FloeError(
    'PARAMETER_INVALID',
    'a ${{ ... }} of the query stands in a string, in quotes or in a comment, where it is no value',
    { cause, hint: 'remove the quotes around it: where date >= ${{ params.since }}' },
  );
}

function strangeParameter(): FloeError {
  return new FloeError(
    'PARAMETER_INVALID',
    'the query has a parameter like $1, which nothing fills',
    {
      hint: 'write ${{ params.name }} instead, and declare it under params',
    },
  );
}

const INDETERMINATE_DATATYPE = '42P18';

async function describe(
  session: TargetSession,
  bound: BoundSql,
  template: SqlTemplate,
): Promise<Description> {
  try {
    return await session.submit((comment) => new DescribeStatement(comment + bound.sql));
  } catch (thrown) {
    if (sqlStateOf(thrown) === INDETERMINATE_DATATYPE && bound.valueCount > 0)
      throw misplacedParameter(thrown);
    if (!(thrown instanceof FloeError)) throw thrown;
    throw await explain(session, thrown, { bound, template });
  }
}

/** How many dimensions the arrays have that are columns of a table, not computed. */
async function findDimensions(
  session: TargetSession,
  columns: readonly DescribedColumn[],
): Promise<readonly (DescribedColumn & { readonly dimensions: number })[]> {
  const rows = await session.query<{ dimensions: number }>(
    `select coalesce(a.attndims, 1)::int as dimensions
     from unnest($1::oid[], $2::int[]) with ordinality as g (relation, number, place)
     left join pg_attribute a on a.attrelid = g.relation and a.attnum = g.number
     order by g.place`,
    [columns.map((column) => column.tableID), columns.map((column) => column.columnID)],
  );
  return columns.map((column, index) => ({
    ...column,
    dimensions: rows[index]?.dimensions ?? 1,
  }));
}

type DescribedColumn = {
  readonly name: string;
  readonly dataTypeID: number;
  readonly dataTypeModifier: number;
  readonly tableID: number;
  readonly columnID: number;
};
type Description = {
  readonly columns: readonly DescribedColumn[];
  readonly parameterCount: number;
};

/** What pg's connection does and its types leave out. */
type ProtocolConnection = Connection & {
  parse(query: { readonly text: string }): void;
  describe(target: { readonly type: 'S'; readonly name: string }): void;
  sync(): void;
};

/** Parse, Describe and Sync of the extended protocol: no Bind and no Execute, so that nothing runs. */
class DescribeStatement implements Submittable {
  readonly settled: Promise<Description>;
  readonly #sql: string;
  readonly #resolve: (description: Description) => void;
  readonly #reject: (error: unknown) => void;
  #columns: readonly DescribedColumn[] = [];
  #parameterCount = 0;

  constructor(sql: string) {
    this.#sql = sql;
    const { promise, resolve, reject } = Promise.withResolvers<Description>();
    [this.settled, this.#resolve, this.#reject] = [promise, resolve, reject];
  }

  submit(connection: Connection): void {
    const protocol = connection as ProtocolConnection;
    protocol.once('parameterDescription', (message: { readonly parameterCount: number }) => {
      this.#parameterCount = message.parameterCount;
    });
    protocol.parse({ text: this.#sql });
    protocol.describe({ type: 'S', name: '' });
    protocol.sync();
  }

  handleRowDescription(message: { readonly fields: readonly DescribedColumn[] }): void {
    this.#columns = message.fields;
  }

  handleError(error: unknown): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve({ columns: this.#columns, parameterCount: this.#parameterCount });
  }
}

type Written = { readonly bound: BoundSql; readonly template: SqlTemplate };

/** Adds line and column of the author's text, and the table that was probably meant. */
async function explain(
  session: TargetSession,
  error: FloeError,
  { bound, template }: Written,
): Promise<FloeError> {
  const offset = offsetOf(error, bound.sql, session.commentLength);
  if (offset === undefined) return error;
  const source = template.map((part) => (part.kind === 'sql' ? part.sql : part.source)).join('');
  const place = placeAt(source, bound.toSource(offset));
  const nearest =
    error.code === 'TABLE_NOT_FOUND'
      ? await findNearTable(session, nameAt(bound.sql, offset))
      : undefined;
  const where = `${error.message} at line ${place.line}, column ${place.column} of the query`;
  const hint = nearest === undefined ? error.hint : `did you mean "${nearest}"?`;
  const violation = {
    field: 'query',
    message: error.message,
    place,
    ...(hint !== undefined && { hint }),
  };
  return new FloeError(error.code, where, {
    cause: error.cause,
    details: { ...error.details, line: String(place.line), column_number: String(place.column) },
    violations: [violation],
    ...(hint !== undefined && { hint }),
  });
}

/** PostgreSQL counts characters from 1, JavaScript UTF-16 units from 0. */
function offsetOf(error: FloeError, sql: string, skipped: number): number | undefined {
  const { cause } = error;
  const position =
    cause instanceof Error && 'position' in cause ? Number(cause.position) : Number.NaN;
  if (!Number.isInteger(position)) return undefined;
  const characters = Array.from(sql).slice(0, position - 1 - skipped);
  return characters.join('').length;
}

function placeAt(source: string, offset: number): { line: number; column: number; length: number } {
  const before = source.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1, length: 0 };
}

function nameAt(sql: string, offset: number): string {
  return /^[\w$."]+/u.exec(sql.slice(offset))?.[0].replaceAll('"', '') ?? '';
}

/** Enough to find a misspelt name; a database with more tables goes without the help. */
const NEAREST_AMONG_TABLES = 5_000;

/** The table, as `schema.table`, whose name is nearest. A failed transaction is rolled back for it. */
export async function findNearTable(
  session: TargetSession,
  name: string,
): Promise<string | undefined> {
  await session.query('rollback');
  const rows = await session.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
     order by n.nspname, c.relname limit ${NEAREST_AMONG_TABLES}`,
  );
  const full = rows.map((row) => `${row.schema}.${row.name}`);
  const byTable = new Map(rows.map((row) => [row.name, `${row.schema}.${row.name}`]));
  const bare = name.split('.').at(-1) ?? name;
  const sameTable = byTable.get(bare);
  if (sameTable !== undefined) return sameTable;
  return nearestName(name, full) ?? byTable.get(nearestName(bare, byTable.keys()) ?? '');
}
