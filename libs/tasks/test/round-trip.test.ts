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
};

/** Copies table `source` through a dataset into table `copied`, and gives the rows that differ. */
async function copyTable(): Promise<unknown> {
  const { folder, address, session } = database;
  const extract = { connection: 'c', query: 'select * from source' };
  const extracted = await runPostgresExtract(createContext({ folder, address, config: extract }));
  const load = { connection: 'c', table: 'copied', mode: 'append' };
  const inputs = [{ taskId: 'source', dataset: extracted.dataset! }];
  const loaded = await runPostgresLoad(createContext({ folder, address, config: load, inputs }));
  expect(loaded.rows).toBe(extracted.rows);
  // json has no equality, so rows are compared as text.
  return session.query(
    `(select s::text from source s except all select c::text from copied c)
     union all (select c::text from copied c except all select s::text from source s)`,
  );
}

const TYPES = Object.keys(EDGES);

async function createTables(): Promise<void> {
  const columns = TYPES.map((type, index) => `c${index} ${type}`).join(', ');
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
     create domain citext as text`,
  );
});

test('a table of every type comes back the same, edges and NULLs too', async () => {
  await createTables();
  const rowCount = Math.max(...TYPES.map((type) => EDGES[type]!.length)) + 1;
  for (let row = 0; row < rowCount; row += 1)
    await insertRow(TYPES.map((type) => EDGES[type]![row] ?? null));
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
};

test('random values of every type come back the same', async () => {
  const cell = (type: string): fc.Arbitrary<string | null> =>
    fc.option(RANDOM[type] ?? fc.constantFrom(...EDGES[type]!), { freq: 6 });
  const rows = fc.array(fc.tuple(...TYPES.map(cell)), { minLength: 1, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(rows, async (values) => {
      await createTables();
      for (const row of values) await insertRow(row);
      expect(await copyTable()).toEqual([]);
    }),
    { numRuns: 12 },
  );
}, 60_000);
