/**
 * The set of conditions that move into SQL, proved on hostile values: for each condition Polars over the whole table and
 * PostgreSQL by the pushed condition have to choose the same rows. It hunts conversions, collations, blanks, NaN,
 * infinities, -0, time zones and nulls that mean different things on the two sides.
 */
import { describeQuery, findOrigins, renderWithLiterals, type SqlTemplate } from '@floe/database';
import { inputDemand, parseProgram, type ParameterValue, type Schema } from '@floe/expression';
import { previewDataset } from '@floe/frame';
import { planExtractColumns } from '@floe/frame/columns';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runExpressionTransform } from '../src/expression_transform/run.ts';
import { pushIntoQuery, type PushFacts, sqlText } from '../src/postgres_extract/push-into-query.ts';
import { parseQuery } from '../src/postgres_extract/query-template.ts';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import type { DatasetReference } from '../src/runner.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { createContext } from './task-context.ts';

/** Values as SQL writes them, the hostile ones of each type. */
const HOSTILE = {
  i2: ['0', '1', '-1', '32767', '-32768', 'null'],
  i4: ['0', '1', '-1', '2147483647', '-2147483648', 'null'],
  i8: ['0', '1', '9007199254740993', '9223372036854775807', '-9223372036854775808', 'null'],
  f8: [
    "'NaN'",
    "'Infinity'",
    "'-Infinity'",
    "'-0'",
    '0',
    '1',
    '0.1',
    '9007199254740992',
    '5e-324',
    'null',
  ],
  f4: ["'NaN'", '0.1', '1', '16777216', 'null'],
  n: ['0', '1', '0.1', '-0.01', '0.05', '2.5', '99999999.99', '-99999999.99', 'null'],
  nw: [
    '0',
    '0.05',
    '0.3',
    '-0.0000000001',
    '9007199254740993',
    '9007199254740992',
    '9007199254740992.5',
    '9999999999999999999999999999.9999999999',
    'null',
  ],
  nf: ['0', '0.1', '0.3', '0.100000000000000001', '0.099999999999999999', '0.999999999999999999'],
  t: [
    "''",
    "'a'",
    "'A'",
    "'a '",
    "' a'",
    "'ä'",
    "'z'",
    "'Z'",
    "'_'",
    "'ß'",
    "'ss'",
    "'\u{10000}'",
    "'\uffff'",
    "'a''b'",
    'null',
  ],
  ti: ["''", "'a'", "'A'", "'a '", "'ä'", "'z'", "'Z'", "'_'", 'null'],
  tn: ["''", "'a'", "'A'", "'a '", "'ä'", "'z'", "'Z'", 'null'],
  v: ["''", "'a'", "'A'", "'a '", "'ä'", 'null'],
  c: ["''", "'a'", "'a '", "'A'", 'null'],
  b: ['true', 'false', 'null'],
  d: ["'2001-01-01'", "'1970-01-01'", "'0001-01-01'", "'9999-12-31'", "'0001-01-01 BC'", 'null'],
  ts: [
    "'2001-01-01'",
    "'2001-01-01 00:00:00.000001'",
    "'2000-12-31 23:59:59.999999'",
    "'0001-01-01'",
    'null',
  ],
  tz: [
    "'2001-01-01+00'",
    "'2001-01-01 05:30+05:30'",
    "'2000-12-31 19:00-05'",
    "'2001-01-01 00:00:00.000001+00'",
    'null',
  ],
  e: ["'b'", "'a'", 'null'],
} as const;

type ColumnName = keyof typeof HOSTILE;

const TYPES: Readonly<Record<ColumnName, string>> = {
  i2: 'int2',
  i4: 'int4',
  i8: 'int8',
  f8: 'float8',
  f4: 'float4',
  n: 'numeric(10,2)',
  nw: 'numeric(38,10)',
  nf: 'numeric(18,18)',
  t: 'text',
  ti: 'text collate "en-x-icu"',
  tn: 'text collate careless',
  v: 'varchar(5)',
  c: 'char(3)',
  b: 'bool',
  d: 'date',
  ts: 'timestamp',
  tz: 'timestamptz',
  e: 'mood',
};

const NAMES = Object.keys(HOSTILE) as ColumnName[];
const OPERATORS = ['==', '!=', '<', '<=', '>', '>='];

/** What columns of a family are compared with. */
const CONSTANTS: Readonly<Partial<Record<ColumnName, readonly string[]>>> = {
  i2: ['0', '-1', '100', '-128', '32767', '40000', '-40000'],
  i4: ['0', '1', '2147483647', '3000000000', '-2147483648'],
  i8: ['0', '9007199254740992', '9007199254740993', '9223372036854775807', '-9223372036854775808'],
  f8: ['0', '-0.0', '0.1', '1', '9007199254740993', '1e308', '5e-324', '-1.5'],
  n: ['0', '1', '-1', '2', '100000000', '9223372036854775807'],
  nw: ['0', '9007199254740992', '9007199254740993', '-9223372036854775808'],
  nf: ['0', '1', '-1'],
  t: [
    '""',
    '"a"',
    '"A"',
    '"a "',
    '"ä"',
    '"z"',
    '"_"',
    '"ss"',
    '"\u{10000}"',
    '"\uffff"',
    `"a'b"`,
    '"\\\\"',
  ],
  ti: ['"a"', '"A"', '"a "', '"ä"', '"_"'],
  tn: ['"a"', '"A"', '"a "', '"ä"'],
  v: ['"a"', '"a "', '""', '"longer than five"'],
  b: ['True', 'False'],
  d: ['date(2001, 1, 1)', 'date(1970, 1, 1)', 'date(1, 1, 1)', 'date(9999, 12, 31)'],
  ts: [
    'datetime(2001, 1, 1)',
    'datetime(2001, 1, 1, 0, 0, 0, 1)',
    'datetime(1, 1, 1)',
    'date(2001, 1, 1)',
  ],
};

let database: TestDatabase;
let whole: DatasetReference;
let template: SqlTemplate;
let facts: Omit<PushFacts, 'push'>;

beforeAll(async () => {
  database = await startTestDatabase();
  const rows = Math.max(...NAMES.map((name) => HOSTILE[name].length)) * 4;
  // Each column goes through its values at a pace of its own, so that they meet in many ways.
  const values = Array.from({ length: rows }, (_, row) => {
    const cells = NAMES.map((name) => HOSTILE[name][row % HOSTILE[name].length]);
    return `(${row}, ${cells.join(', ')})`;
  });
  await database.session.query(
    `alter database postgres set timezone to 'America/New_York'; set timezone to 'America/New_York';
     create type mood as enum ('b', 'a');
     create collation careless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
     create table hostile (id int, ${NAMES.map((name) => `${name} ${TYPES[name]}`).join(', ')});
     insert into hostile values ${values.join(', ')};
     create view halves as select id, i4, 10 / i4 as tenth from hostile where i4 <> 0`,
  );
  const context = createContext({
    ...database,
    config: { connection: 'source', query: 'table hostile' },
  });
  whole = (await runPostgresExtract(context)).dataset!;
  template = parseQuery('table hostile', {});
  facts = await factsOf(template);
});
afterAll(() => database.stop());

async function factsOf(query: SqlTemplate): Promise<Omit<PushFacts, 'push'>> {
  const described = await describeQuery(database.session, query);
  const policy = { numeric: 'decimal', unfit: 'fail' } as const;
  return {
    columns: planExtractColumns(described, policy),
    origins: await findOrigins(database.session, described),
    policy,
    isUtf8: true,
    params: {},
  };
}

const idsIn = (rows: readonly unknown[]) =>
  rows.map((row) => Number((row as { id: number }).id)).toSorted((a, b) => a - b);

/** The rows that Polars chooses of all. */
async function byPolars(condition: string, params: Params): Promise<readonly number[]> {
  const context = createContext({
    ...database,
    config: { polars: `rows.filter(${condition}).select(pl.col("id").sort().implode())` },
    inputs: [{ taskId: 'rows', dataset: whole }],
    params,
  });
  await runExpressionTransform(context);
  const [row] = (await previewDataset(context.outputPath, 1)).rows as [[unknown]];
  return toNumbers(row);
}

function toNumbers(value: unknown): readonly number[] {
  if (Array.isArray(value)) return value.flatMap(toNumbers);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(toNumbers);
  return [Number(value)];
}

type Params = Readonly<Record<string, ParameterValue>>;

function pushed(condition: string, given: Partial<PushFacts> = {}): SqlTemplate {
  const program = parseProgram(`rows.filter(${condition})`, { inputs: ['rows'] });
  const { conditions } = inputDemand(program, { rows: whole.schema }, 'rows');
  return pushIntoQuery(template, { ...facts, push: { conditions }, ...given });
}

async function bySql(query: SqlTemplate): Promise<readonly number[]> {
  return idsIn(
    await database.session.query(`select id from (${renderWithLiterals(query)}) as chosen`),
  );
}

/** Membership of decimals is not proven. */
const DECIMALS: ReadonlySet<string> = new Set(['n', 'nw', 'nf']);

const comparisons = Object.entries(CONSTANTS).flatMap(([name, constants]) =>
  constants.flatMap((constant) => {
    const column = `pl.col("${name}")`;
    const single = [
      ...OPERATORS.map((operator) => `${column} ${operator} ${constant}`),
      `${constant} < ${column}`,
    ];
    // A date in a list is no timestamp to Polars; texts as bounds are names of columns.
    const isMixed = name === 'ts' && constant.startsWith('date(');
    const listed = isMixed || DECIMALS.has(name) ? [] : [`${column}.is_in([${constant}])`];
    if (constant.startsWith('"')) return [...single, ...listed];
    const ranges = [
      `${column}.is_between(${constant}, ${constants[0]})`,
      `${column}.is_between(${constants[0]}, ${constant}, closed="left")`,
    ];
    return [...single, ...listed, ...ranges];
  }),
);

const others = [
  ...NAMES.flatMap((name) => [`pl.col("${name}").is_null()`, `~pl.col("${name}").is_null()`]),
  'pl.col("b")',
  '(pl.col("i4") > 0) & (pl.col("t") == "a") & pl.col("f8").is_not_null()',
  '(pl.col("i4") > 0) | (pl.col("t") == "A") | pl.col("b")',
  'pl.col("t").is_in(["a", "A", "z"]), pl.col("d") < date(2001, 1, 1)',
];

test.each([...comparisons, ...others])(
  '%s chooses the same rows in SQL and in Polars',
  async (condition) => {
    const query = pushed(condition);
    expect(query, 'it moves into SQL').not.toBe(template);
    expect(await bySql(query)).toEqual(await byPolars(condition, {}));
  },
);

const FLOATS: Readonly<Partial<Record<ColumnName, readonly string[]>>> = {
  n: ['0.0', '-0.0', '0.1', '0.05', '0.055', '2.5', '1e10', '99999999.99', '0.00001'],
  nw: ['0.05', '0.3', '9007199254740992.0', '9007199254740993.0', '1e20', '-0.5'],
  nf: ['0.0', '0.1', '0.3', '1.0', '0.999999999999999999'],
};

test.each(FLOATS.n!)(
  'columns of up to fifteen digits are compared with %s exactly',
  async (float) => {
    for (const operator of OPERATORS) {
      const condition = `pl.col("n") ${operator} ${float}`;
      expect(await bySql(pushed(condition))).toEqual(await byPolars(condition, {}));
    }
  },
);

test('a decimal of up to fifteen digits becomes the nearest float, as in PostgreSQL', async () => {
  await database.session.query(
    `create table decimals as
       select i as id, (i * 104729 % 1000003 / 100.0)::numeric(10,2) as two, (i * 7919 % 1000003 / 1e6)::numeric(7,6) as six,
              (i * 999999999989 % 999999999999999)::numeric(15,0) as whole, (i * 999999999989 % 999999999999999 / 1e15)::numeric(15,15) as all15
       from generate_series(1::numeric, 200000) as i`,
  );
  const query = `select *, two::float8 as ftwo, six::float8 as fsix, whole::float8 as fwhole, all15::float8 as fall15 from decimals`;
  const extracted = await runPostgresExtract(
    createContext({ ...database, config: { connection: 'source', query } }),
  );
  const differs = ['two', 'six', 'whole', 'all15'].map(
    (name) => `(pl.col("${name}").cast(pl.Float64) != pl.col("f${name}"))`,
  );
  const polars = `rows.filter(${differs.join(' | ')}).select(pl.len())`;
  const inputs = [{ taskId: 'rows', dataset: extracted.dataset! }];
  const context = createContext({ ...database, config: { polars }, inputs });
  await runExpressionTransform(context);
  expect((await previewDataset(context.outputPath, 1)).rows).toEqual([[0]]);
});

const floatComparisons = Object.entries(FLOATS).flatMap(([name, floats]) =>
  floats.flatMap((float) =>
    ['==', '<', '<=', '>', '>='].map((operator) => ({ name, operator, float })),
  ),
);

test.each(floatComparisons)(
  '$name $operator $float leaves out no row in SQL that Polars chooses, and lets only near ones pass besides',
  async ({ name, operator, float }) => {
    const condition = `pl.col("${name}") ${operator} ${float}`;
    const query = pushed(condition);
    expect(query, 'it moves into SQL').not.toBe(template);
    const [bySide, byRule] = [await bySql(query), await byPolars(condition, {})];
    expect(byRule.filter((id) => !bySide.includes(id))).toEqual([]);
    const near = idsIn(
      await database.session.query(
        `select id from hostile where abs(${name} - ${float}::numeric) <= abs(${float}::numeric) * 1e-14`,
      ),
    );
    expect(bySide.filter((id) => !byRule.includes(id) && !near.includes(id))).toEqual([]);
  },
);

const PARAMETERS: readonly (readonly [string, ParameterValue])[] = [
  ['i8', { kind: 'integer', value: '9007199254740993' }],
  ['f8', { kind: 'float', value: '0.1' }],
  ['n', { kind: 'integer', value: '1' }],
  ['t', { kind: 'string', value: "a'b" }],
  ['d', { kind: 'date', value: '2001-01-01' }],
  ['ts', { kind: 'datetime', value: '2001-01-01T00:00:00.000001' }],
  ['tz', { kind: 'datetime', value: '2001-01-01T05:30:00+05:30' }],
];

test.each(PARAMETERS)('a parameter is bound and never pasted: %s', async (name, value) => {
  for (const operator of OPERATORS) {
    const condition = `pl.col("${name}") ${operator} \${{ params.x }}`;
    const query = pushed(condition, { params: { x: value } });
    expect(sqlText(query)).toContain('${{ params.x }}');
    expect(await bySql(query)).toEqual(await byPolars(condition, { x: value }));
  }
});

test.each([
  'pl.col("f4") == 0.1',
  'pl.col("nw") != 0.1',
  'pl.col("n") < 1e-9',
  'pl.col("nw") < 1e28',
  'pl.col("n").is_in([0])',
  'pl.col("c") == "a"',
  'pl.col("e") < "b"',
  'pl.col("i4") > 0.5',
  'pl.col("i4") // 2 == 0',
  'pl.col("i4") / 2 > 0',
  'pl.col("t").str.to_lowercase() == "a"',
  'pl.col("t").str.len_chars() > 1',
  'pl.col("i4") > pl.col("i2")',
  'pl.col("i8").is_in([1, None])',
  'pl.col("ts").is_in([date(2001, 1, 1)])',
  'pl.col("t") > "a", pl.col("i4") > pl.col("i4").mean()',
  'pl.col("i4") > pl.col("i4").mean()',
  '(pl.col("i4") > 0) | (pl.col("f4") > 0)',
  '~(pl.col("i4") > 0)',
  'pl.col("i4") == None',
  // A filter that looks at all rows must see all of them.
  '(pl.col("i4") > 0) & (pl.col("i8") > pl.col("i8").mean())',
])('%s is not proven, so it stays in Polars alone', (condition) => {
  expect(pushed(condition)).toBe(template);
});

test('texts stay in Polars where the database does not keep them in UTF-8', () => {
  expect(pushed('pl.col("t") == "a"', { isUtf8: false })).toBe(template);
});

test('where values become NULL on the way, nothing asks SQL for nulls', () => {
  const policy = { unfit: 'null' } as const;
  expect(pushed('pl.col("d").is_null()', { policy })).toBe(template);
  expect(pushed('pl.col("d").is_null() | pl.col("b")', { policy })).toBe(template);
  expect(pushed('pl.col("d").is_not_null()', { policy })).not.toBe(template);
});

test('a column that the query computes, or that comes from a view, is not looked at in SQL', async () => {
  const push = { conditions: [{ kind: 'null', column: 'i4', isNull: false }] } as const;
  for (const text of ['select id, i4 + 0 as i4 from hostile', 'select id, i4, tenth from halves']) {
    const query = parseQuery(text, {});
    expect(pushIntoQuery(query, { ...(await factsOf(query)), push })).toBe(query);
  }
});

test('an extract takes only the columns and rows that are wanted, and says so', async () => {
  const pushed = {
    columns: ['id', 't'],
    conditions: [
      {
        kind: 'compare',
        column: 'b',
        operator: 'eq',
        value: { kind: 'literal', literal: { kind: 'boolean', value: true } },
      },
    ],
  };
  const query = 'select * from hostile order by id desc -- the newest first';
  const context = createContext({ ...database, config: { connection: 'source', query, pushed } });
  const { rows, dataset } = await runPostgresExtract(context);
  const [counted] = await database.session.query<{ count: number }>(
    'select count(*)::int as count from hostile where b',
  );
  expect(rows).toBe(counted!.count);
  expect((dataset!.schema as Schema).map(({ name }) => name)).toEqual(['id', 't']);
  expect(context.logs.map(({ message }) => message)).toContain(
    'the tasks behind use 2 of 19 columns and only rows where "b" = true: the others are not extracted',
  );
});
