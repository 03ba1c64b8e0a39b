/** Hunts a docs/reference/types.md that says other than what extracts and loads do. */
import { readFileSync } from 'node:fs';
import { describeQuery, describeTable } from '@floe/database';
import { type DataType, formatDataType } from '@floe/expression';
import {
  DEFAULT_EXTRACT_POLICY,
  planLoadColumns,
  schemaOfExtract,
  tableColumnsFor,
} from '@floe/frame/columns';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, startTestDatabase } from './databases.ts';

const REFERENCE = new URL('../../../docs/reference/types.md', import.meta.url);

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
  await database.session.query(
    `create type mood as enum ('happy'); create type pair as (a int, b text);
     create domain positive as int4 check (value > 0)`,
  );
});
afterAll(() => database.stop());

const POSTGRES_TYPES = [
  'boolean',
  'smallint',
  'integer',
  'bigint',
  'oid',
  'real',
  'double precision',
  'numeric(10,2)',
  'numeric',
  'numeric(50,2)',
  'text',
  'varchar(20)',
  'char(5)',
  'name',
  'mood',
  'positive',
  'uuid',
  'json',
  'jsonb',
  'bytea',
  'date',
  'time',
  'timetz',
  'timestamp',
  'timestamptz',
  'interval',
  'integer[]',
  'integer[][]',
  'text[]',
  'inet[]',
  'inet',
  'cidr',
  'int4range',
  'nummultirange',
  'pair',
  'money',
  'tsvector',
  'point',
];

/** What the page says of a type: its column in a dataset, and how that goes into a table column of the type. */
async function lineOf(type: string): Promise<string> {
  const { session } = database;
  await session.query(`drop table if exists one; create table one (value ${type})`);
  const described = await describeQuery(session, [{ kind: 'sql', sql: 'select value from one' }]);
  const schema = schemaOfExtract(described, DEFAULT_EXTRACT_POLICY);
  const { columns } = await describeTable(session, { schema: undefined, table: 'one' });
  const [back] = planLoadColumns(schema, columns);
  const way = back?.through === undefined ? 'binary' : 'text that PostgreSQL reads';
  return `| \`${type}\` | \`${formatDataType(schema[0]!.type)}\` | ${way} |`;
}

test('the page says what becomes of every type', async () => {
  // Before PostgreSQL 14 there are no multiranges.
  const known = POSTGRES_TYPES.filter((type) => database.major >= 14 || !/multirange/.test(type));
  const lines: string[] = [];
  for (const type of known) lines.push(await lineOf(type));
  const page = readFileSync(REFERENCE, 'utf8').split('\n');
  expect(
    page.filter((line) => database.major >= 14 || !/multirange/.test(line)).join('\n'),
  ).toContain(lines.join('\n'));
});

const DATA_TYPES: readonly DataType[] = [
  { kind: 'boolean' },
  { kind: 'int8' },
  { kind: 'uint8' },
  { kind: 'int16' },
  { kind: 'uint16' },
  { kind: 'int32' },
  { kind: 'uint32' },
  { kind: 'int64' },
  { kind: 'uint64' },
  { kind: 'float32' },
  { kind: 'float64' },
  { kind: 'decimal', precision: 10, scale: 2 },
  { kind: 'string' },
  { kind: 'categorical' },
  { kind: 'binary' },
  { kind: 'date' },
  { kind: 'time' },
  { kind: 'datetime', unit: 'us', timezone: null },
  { kind: 'datetime', unit: 'us', timezone: 'UTC' },
  { kind: 'duration', unit: 'us' },
  { kind: 'list', inner: { kind: 'int64' } },
];

test('the page says which column a table that a load makes gets', () => {
  const lines = DATA_TYPES.map((type) => {
    const [column] = tableColumnsFor([{ name: 'value', type }]);
    return `| \`${formatDataType(type)}\` | \`${column?.type}\` |`;
  });
  expect(readFileSync(REFERENCE, 'utf8')).toContain(lines.join('\n'));
});
