import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import { runPostgresLoad } from '../src/postgres_load/run.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { createContext } from './task-context.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await startTestDatabase();
});

afterAll(() => database.stop());

/** Columns of every type that Floe moves, with the values at their edges. NULL is added to each. */
const EDGES: Record<string, readonly string[]> = {
  bool: ['true', 'false'],
  int2: ['-32768', '0', '32767'],
  int4: ['-2147483648', '-1', '2147483647'],
  int8: ['-9223372036854775808', '9007199254740993', '-1', '9223372036854775807'],
  float4: ['1.5', 'NaN', 'Infinity', '-Infinity', '-0', '1.17549e-38', '3.40282e38'],
  float8: ['1.5', 'NaN', 'Infinity', '-Infinity', '-0', '5e-324', '1.7976931348623157e308'],
  'numeric(38,0)': ['99999999999999999999999999999999999999', '-1', '0', '10000', '100000000'],
  'numeric(38,38)': [
    '0.99999999999999999999999999999999999999',
    '-0.00000000000000000000000000000000000001',
  ],
  'numeric(10,2)': ['12345678.90', '-0.01', '99999999.99', '0', '1000', '10000.5'],
  'numeric(5,-2)': ['1200', '-9999900', '0'],
  'numeric(2,4)': ['0.0099', '-0.0001'],
  'numeric(20,5)': ['123456789012345.12345', '-0.00001', '0.1', '10000.00001'],
  text: ['', 'x', 'twelve chars', 'thirteen char', 'æøå 🙂 \\ " \n\t', 'NULL', '\\N'],
  'varchar(20)': ['', 'abc', 'exactly twenty chars'],
  'char(5)': ['', 'ab', 'abcde'],
  name: ['', 'a_name'],
  citext: ['MiXed'],
  mood: ['happy', 'very sad indeed'],
  uuid: [
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-FFFF-ffff-ffff-ffffffffffff',
    '018f3c5e-1111-7222-8333-444455556666',
  ],
  json: ['{"a" :  [1, 2, null]}', '"x"', 'null'],
  jsonb: ['{"a": {"b": "a longer text of jsonb"}}', '1', 'null'],
  bytea: ['\\x', '\\x00', '\\x00ff00ff00ff00ff00ff00ff00ff00ff'],
  date: ['1970-01-01', '2000-01-01', '1969-12-31', '4713-01-01 BC', '5874897-12-31'],
  time: ['00:00:00', '23:59:59.999999', '12:00:00.000001'],
  timestamp: [
    '1970-01-01',
    '1969-12-31 23:59:59.999999',
    '4713-01-01 00:00:00 BC',
    '294246-12-31 23:59:59.999999',
  ],
  timestamptz: [
    '2000-01-01 00:00:00.000001+05:30',
    '1900-06-15 12:00:00-08',
    '294246-12-31 23:59:59+00',
  ],
  positive: ['1', '2147483647'],
  numeric: ['NaN', '0.1000', '123456789012345678901234567890123456789.5', '1e-200'],
  'numeric(60,30)': ['123456789012345678901234567890.123456789012345678901234567891'],
  timetz: ['00:00:00+00', '24:00:00-05:30', '12:34:56.789012+14'],
  interval: ['1 year 2 mons -3 days 04:05:06.789', '-00:00:00.000001', '0', '178000000 years'],
  inet: ['127.0.0.1', '10.1.2.3/8', '::1', 'fe80::1/64'],
  cidr: ['10.0.0.0/8', '::/0'],
  macaddr: ['08:00:2b:01:02:03'],
  oid: ['0', '4294967295'],
  money: ['-12.34', '0'],
  'bit(3)': ['101'],
  varbit: ['', '10101'],
  point: ['(1.5,-2)'],
  tsvector: [`'cat':3 'fat':2`],
  int4range: ['[1,5)', 'empty', '(,)'],
  tstzrange: ['["2001-01-01 00:00:00+00",infinity)'],
  nummultirange: ['{[1.5,2),[7,)}'],
  pair: ['(1,"a ""b"", c")', '(,)', '(2,"")'],
  'bool[]': ['{}', '{t,NULL,f}'],
  'int2[]': ['{-32768,NULL,32767}'],
  'int4[]': ['{}', '{1,NULL,-3}', '{NULL}'],
  'int8[]': ['{9007199254740993,-9223372036854775808}'],
  'float8[]': ['{NaN,Infinity,-0,NULL}'],
  'numeric(10,2)[]': ['{1.50,NULL,-0.01}'],
  'numeric[]': ['{NaN,1.5,NULL}'],
  'text[]': ['{}', '{"",NULL,"NULL","a \\"quoted\\" one, with {braces}","longer than twelve"}'],
  'uuid[]': ['{018f3c5e-1111-7222-8333-444455556666,NULL}'],
  'jsonb[]': ['{"{\\"a\\": 1}",NULL}'],
  'bytea[]': ['{"\\\\x00ff",NULL}'],
  'date[]': ['{1969-12-31,NULL}'],
  'timestamptz[]': ['{"2000-01-01 00:00:00.000001+00",NULL}'],
  'mood[]': ['{happy,"very sad indeed",NULL}'],
  'positive[]': ['{1,NULL}'],
  'inet[]': ['{127.0.0.1,10.1.2.3/8,NULL}'],
  'pair[]': ['{"(1,x)",NULL}'],
  'int4[][]': ['{}', '{{1,2},{3,NULL}}', '{{7}}'],
  'text[][][]': ['{{{a},{b}},{{"",NULL}}}'.replace('"",NULL', 'c},{NULL')],
  '"char"': ['', 'x'],
  xml: ['<a b="c">text &amp; more</a>', 'content <b/>', ''],
  hstore: ['"a"=>"1", "b"=>NULL, "c \\" d"=>""', ''],
  ltree: ['Top.Science.Astronomy', ''],
  pg_lsn: ['16/B374D848', '0/0', 'FFFFFFFF/FFFFFFFF'],
  regclass: ['pg_class', 'information_schema.tables', '-'],
  regtype: ['integer', 'timestamp with time zone', 'mood'],
  regproc: ['now'],
  macaddr8: ['08:00:2b:01:02:03:04:05'],
  xid8: ['0', '18446744073709551615'],
  tid: ['(0,1)', '(4294967295,65535)'],
  tsquery: [`'fat' & ( 'rat' | !'cat':*AB )`],
  jsonpath: ['$."a"[*]?(@ > 3)'],
  box: ['(2,2),(-1,0.1)'],
  line: ['{1,-1,0}'],
  lseg: ['[(0,0),(1,1e+300)]'],
  path: ['((0,0),(1,1),(2,0))', '[(0,0),(0.1,1)]'],
  polygon: ['((0,0),(1,1),(2,0))'],
  circle: ['<(1,2.5),3>'],
  int2vector: ['1 2 3', ''],
  int4multirange: ['{}', '{[1,3),[5,9)}'],
  numrange: ['[1.50,)', 'empty'],
  daterange: ['[2001-02-03,infinity)', '(,)'],
  'numeric(1000,500)': [`-${'9'.repeat(500)}.${'1'.repeat(500)}`, '0', 'NaN'],
  'timestamp(0)': ['2001-02-03 04:05:06', '4713-01-01 00:00:00 BC'],
  'timestamptz(3)': ['2001-02-03 04:05:06.789+00', '0044-03-15 12:00:00+00 BC'],
  'interval(0)': ['1 year -1 mons +1 day -00:00:01'],
  'interval year to month': ['-1 year +13 mons'],
  many: ['{}', '{1,NULL,-3}'],
  labelled: ['(1,"a ""b"", c")', '(,)'],
  '"char"[]': ['{x,NULL,"\\"","\\\\"}'],
  'box[]': ['{(2,2),(1,1);(3,3),(0,0);NULL}'],
  'bit(3)[]': ['{101,NULL}'],
  'varbit[]': ['{"",10101}'],
  'char(5)[]': ['{ab,"",abcde,NULL}'],
  'name[]': ['{a_name,""}'],
  'citext[]': ['{MiXed,""}'],
  'hstore[]': ['{"\\"a\\"=>NULL",NULL,""}'],
  'json[]': ['{"{\\"a\\" :  1}",NULL}'],
  'money[]': ['{-12.34,NULL}'],
  'time[]': ['{23:59:59.999999,NULL}'],
  'timetz[]': ['{24:00:00-05:30,NULL}'],
  'interval[]': ['{"1 year -1 mons +2 days -00:00:00.000001",NULL}'],
  'xml[]': ['{"<a b=\\"c\\"/>",NULL}'],
  'oid[]': ['{0,4294967295,NULL}'],
  'float4[]': ['{NaN,-Infinity,-0,1.17549e-38,NULL}'],
  'int4range[]': ['{"[1,5)",empty,NULL}'],
  'mood[][]': ['{{happy,NULL},{"very sad indeed",happy}}'],
  'pair[][]': ['{{"(1,x)",NULL}}'],
  'many[]': ['{"{1,2}",NULL}'],
};

/** Types, and values of types, that servers before this major do not have. */
const SINCE: Readonly<Record<string, number>> = {
  'numeric(5,-2)': 15,
  'numeric(2,4)': 15,
  nummultirange: 14,
  int4multirange: 14,
};
const SINCE_VALUES: readonly (readonly [major: number, type: string, values: readonly string[]])[] =
  [
    [14, 'numeric', ['Infinity', '-Infinity']],
    [17, 'interval', ['infinity', '-infinity']],
    [17, 'interval[]', ['{infinity,-infinity}']],
  ];

type Users = { readonly from?: string; readonly to?: string };

/** Copies table `source` through a dataset into table `copied`, and gives the rows that differ. */
async function copyTable(
  fields: Readonly<Record<string, unknown>> = {},
  users: Users = {},
): Promise<unknown> {
  const { folder, session } = database;
  const as = (user = database.address.user) => ({ ...database.address, user });
  const extract = { connection: 'c', query: 'select * from source', ...fields };
  const extracted = await runPostgresExtract(
    createContext({ folder, address: as(users.from), config: extract }),
  );
  const load = { connection: 'c', table: 'copied', mode: 'append' };
  const inputs = [{ taskId: 'source', dataset: extracted.dataset! }];
  const loaded = await runPostgresLoad(
    createContext({ folder, address: as(users.to), config: load, inputs }),
  );
  expect(loaded.rows).toBe(extracted.rows);
  // json has no equality, so rows are compared as text.
  return session.query(
    `(select s::text from source s except all select c::text from copied c)
     union all (select c::text from copied c except all select s::text from source s)`,
  );
}

let edges: Readonly<Record<string, readonly string[]>>;
let types: readonly string[];

/** What the server knows. */
function chooseEdges(major: number): void {
  const later = SINCE_VALUES.filter(([since]) => since <= major);
  edges = Object.fromEntries(
    Object.entries(EDGES)
      .filter(([type]) => (SINCE[type] ?? 0) <= major)
      .map(([type, values]) => [
        type,
        [...values, ...later.flatMap(([, of, more]) => (of === type ? more : []))],
      ]),
  );
  types = Object.keys(edges);
}

async function createTables(): Promise<void> {
  const columns = types.map((type, index) => `c${index} ${type}`).join(', ');
  await database.session.query(
    `drop table if exists source, copied; create table source (${columns}); create table copied (${columns})`,
  );
}

async function insertRow(values: readonly (string | null)[]): Promise<void> {
  const places = values.map((_, index) => `$${index + 1}`).join(', ');
  await database.session.query(`insert into source values (${places})`, values);
}

beforeAll(async () => {
  await database.session.query(
    `create type mood as enum ('happy', 'very sad indeed'); create domain positive as int4 check (value > 0);
     create type pair as (a int, b text); create domain many as int4[]; create domain labelled as pair;
     create extension citext; create extension hstore; create extension ltree`,
  );
  chooseEdges(database.major);
});

test('a table of every type comes back the same, edges and NULLs too', async () => {
  await createTables();
  const rowCount = Math.max(...types.map((type) => edges[type]!.length)) + 1;
  for (let row = 0; row < rowCount; row += 1)
    await insertRow(types.map((type) => edges[type]![row] ?? null));
  expect(await copyTable()).toEqual([]);
});

const day = fc.date({
  min: new Date('0001-01-01'),
  max: new Date('9999-12-31'),
  noInvalidDate: true,
});
const word = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .map((text) => text.replaceAll('\0', ''));
// jsonb has no character NUL and no half surrogate pairs, which JSON can write as escapes.
const json = fc.json().filter((text) => !text.includes('\\u'));
const quoted = (text: string): string => `"${text.replaceAll(/[\\"]/g, '\\$&')}"`;
const arrayOf = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(fc.option(item), { maxLength: 5 })
    .map((items) => `{${items.map((each) => each ?? 'NULL').join(',')}}`);
const matrix = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
    fc.infiniteStream(fc.option(fc.integer())),
  )
  .map(([height, width, stream]) => {
    const items = Array.from({ length: height * width }, () =>
      String(stream.next().value ?? 'NULL'),
    );
    const lists = Array.from({ length: height }, (_, list) =>
      items.slice(list * width, (list + 1) * width),
    );
    return `{${lists.map((list) => `{${list.join(',')}}`).join(',')}}`;
  });
const part = fc.integer({ min: -1_000_000, max: 1_000_000 });
/** Before PostgreSQL 15 each number has to fit into 32 bits. */
const INTERVAL_FIELDS = ['months', 'days', 'hours', 'microseconds'];
const interval = fc
  .tuple(part, part, part, fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }))
  .map((numbers) => numbers.map((each, at) => `${each} ${INTERVAL_FIELDS[at]}`).join(' '));
const decimal = (digits: number, scale: number): fc.Arbitrary<string> =>
  fc
    .bigInt({ min: -(10n ** BigInt(digits)) + 1n, max: 10n ** BigInt(digits) - 1n })
    .map((unscaled) => {
      const text = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
      const point = scale === 0 ? '' : `.${text.slice(-scale)}`;
      return `${unscaled < 0n ? '-' : ''}${text.slice(0, text.length - scale)}${point}`;
    });

/** Random values of the types whose values are many; the others take theirs from the edges. */
const RANDOM: Readonly<Record<string, fc.Arbitrary<string>>> = {
  int2: fc.integer({ min: -32_768, max: 32_767 }).map(String),
  int4: fc.integer().map(String),
  int8: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  float4: fc.float({ noNaN: true }).map(String),
  float8: fc.double().map(String),
  'numeric(38,0)': decimal(38, 0),
  'numeric(38,38)': decimal(38, 38),
  'numeric(10,2)': decimal(10, 2),
  'numeric(20,5)': decimal(20, 5),
  text: word,
  uuid: fc.uuid(),
  jsonb: json,
  json,
  bytea: fc
    .uint8Array({ maxLength: 40 })
    .map((bytes) => `\\x${Buffer.from(bytes).toString('hex')}`),
  date: day.map((each) => each.toISOString().slice(0, 10)),
  timestamp: day.map((each) => each.toISOString().slice(0, -1)),
  timestamptz: day.map((each) => each.toISOString()),
  numeric: fc
    .tuple(decimal(60, 20), fc.boolean())
    .map(([text, isLong]) => (isLong ? text : text.slice(0, 3))),
  interval,
  timetz: fc
    .tuple(fc.integer({ min: 0, max: 86_399_999 }), fc.integer({ min: -15, max: 15 }))
    .map(
      ([ms, zone]) => `${new Date(ms).toISOString().slice(11, -1)}${zone < 0 ? '' : '+'}${zone}`,
    ),
  oid: fc.integer({ min: 0, max: 4_294_967_295 }).map(String),
  inet: fc.oneof(fc.ipV4(), fc.ipV6()),
  pair: fc.tuple(fc.integer(), word).map(([a, b]) => `(${a},${quoted(b)})`),
  'int4[]': arrayOf(fc.integer().map(String)),
  'float8[]': arrayOf(fc.double().map(String)),
  'text[]': arrayOf(word.map(quoted)),
  'timestamptz[]': arrayOf(day.map((each) => `"${each.toISOString()}"`)),
  'int4[][]': matrix,
};

test('random values of every type come back the same', async () => {
  const cell = (type: string): fc.Arbitrary<string | null> =>
    fc.option(RANDOM[type] ?? fc.constantFrom(...edges[type]!), { freq: 6 });
  const rows = fc.array(fc.tuple(...types.map(cell)), { minLength: 1, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(rows, async (values) => {
      await createTables();
      for (const row of values) await insertRow(row);
      expect(await copyTable()).toEqual([]);
    }),
    { numRuns: 12 },
  );
}, 60_000);

/** Values that Polars has no form for; see docs/reference/types.md. */
const UNFIT: Readonly<Record<string, readonly string[]>> = {
  date: ['infinity', '-infinity', '2001-02-03'],
  timestamp: ['infinity', '-infinity', '294276-12-31 23:59:59.999999'],
  timestamptz: ['infinity', '-infinity', '294276-12-31 23:59:59.999999+00'],
  time: ['24:00:00', '00:00:00'],
  'numeric(10,2)': ['NaN', '1.50'],
  'date[]': ['{infinity,NULL}', '{}'],
  'timestamptz[]': ['{-infinity,2001-01-01}'],
};

async function createUnfit(): Promise<void> {
  const types = Object.keys(UNFIT);
  const columns = types.map((type, index) => `c${index} ${type}`).join(', ');
  await database.session.query(
    `drop table if exists source, copied; create table source (${columns}); create table copied (${columns})`,
  );
  for (let row = 0; row < 3; row += 1)
    await insertRow(types.map((type) => UNFIT[type]![row] ?? null));
}

/** How PostgreSQL writes and reads values, otherwise than Floe's own users have it. */
const ODD_SETTINGS: Readonly<Record<string, readonly string[]>> = {
  odd_style: [
    `datestyle = 'SQL, DMY'`,
    `intervalstyle = 'sql_standard'`,
    `timezone = 'Asia/Kolkata'`,
    `bytea_output = 'escape'`,
    'extra_float_digits = -10',
    'standard_conforming_strings = off',
  ],
  verbose: [`datestyle = 'German, MDY'`, `intervalstyle = 'postgres_verbose'`],
};

test('values that travel as text come back the same, whatever the users have set', async () => {
  const { session } = database;
  const { password } = database.address;
  for (const [user, settings] of Object.entries(ODD_SETTINGS)) {
    await session.query(`create role ${user} login superuser password '${password}'`);
    for (const each of settings) await session.query(`alter role ${user} set ${each}`);
  }
  await session.query(`drop table if exists source, copied; create type mixed as (f float8, d date, i interval, b bytea);
    create table source (d date, t timestamp, z timestamptz, i interval, x mixed, r daterange, m tstzrange[], p point, a interval[]);
    create table copied (like source);
    insert into source values ('2001-02-03', '2001-02-03 04:05:06', '2001-02-03 04:05:06+03', '-1 year 2 days -04:05:06.7',
      row(0.1::float8 + 0.2, '2001-02-03', '-1 day -1 hour', '\\x5c00'), '[2001-02-03,2001-12-11)',
      array[tstzrange '["2001-02-03 04:05:06+00",)'], point(0.1::float8 + 0.2, 1e-300), array[interval '-1 mon 1 day -1 hour'])`);
  const pairs: readonly Users[] = [
    { from: 'odd_style' },
    { to: 'odd_style' },
    { from: 'odd_style', to: 'verbose' },
  ];
  for (const fields of [{}, { unfit: 'text' }])
    for (const users of pairs) {
      await session.query('truncate copied');
      expect(await copyTable(fields, users), JSON.stringify({ fields, users })).toEqual([]);
    }
});

test('values that Polars has no form for come back the same as text', async () => {
  await createUnfit();
  expect(await copyTable({ unfit: 'text' })).toEqual([]);
});

test('values that Polars has no form for are named, or become NULL where that is asked for', async () => {
  await createUnfit();
  await expect(copyTable()).rejects.toMatchObject({ code: 'VALUE_INVALID', details: { row: '1' } });
  await copyTable({ unfit: 'null' });
  const [counts] = await database.session.query(
    'select count(*)::int as all, count(c0)::int as c0, count(c1)::int as c1, count(c3)::int as c3, count(c4)::int as c4 from copied',
  );
  expect(counts).toEqual({ all: 3, c0: 1, c1: 0, c3: 1, c4: 1 });
});

test('an array of other dimensions or subscripts than its column is named with its row', async () => {
  const { folder, address } = database;
  for (const value of [`'{{1},{2}}'::int[]`, `'[0:1]={1,2}'::int[]`]) {
    const config = { connection: 'c', query: `select '{1}'::int[] as a union all select ${value}` };
    await expect(
      runPostgresExtract(createContext({ folder, address, config })),
    ).rejects.toMatchObject({ code: 'VALUE_INVALID', details: { column: 'a', row: '2' } });
  }
});
