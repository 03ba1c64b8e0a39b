import { readdir } from 'node:fs/promises';
import type { ParameterValue } from '@floe/expression';
import { previewDataset } from '@floe/frame';
import { eventually } from '@floe/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPostgresExtract } from '../src/postgres_extract/run.ts';
import { requireContract } from '../src/require-contract.ts';
import { type TestDatabase, startTestDatabase } from './databases.ts';
import { type TestContext, createContext } from './task-context.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await startTestDatabase();
  await database.session.query(
    `create table flights (id int, origin text, day date, pause interval);
     insert into flights select i, 'O' || i, date '2001-01-01' + i, null from generate_series(0, 9) i`,
  );
});
afterAll(() => database.stop());

type Params = Readonly<Record<string, ParameterValue>>;

function contextFor(query: string, params: Params = {}, signal?: AbortSignal): TestContext {
  const { folder, address } = database;
  const config = { connection: 'source', query };
  return createContext({
    folder,
    address,
    config,
    params,
    ...(signal !== undefined && { signal }),
  });
}

async function rowsOf(query: string, params?: Params): Promise<readonly unknown[]> {
  const context = contextFor(query, params);
  await runPostgresExtract(context);
  return (await previewDataset(context.outputPath, 100)).rows;
}

test('a dataset that is not what its contract pins is refused with every difference', async () => {
  const result = await runPostgresExtract(contextFor('select id, day from flights'));
  requireContract([int('id'), { name: 'day', type: { kind: 'date' } }], result);
  const broken = [int('id'), int('day'), int('dya')];
  expect(() => requireContract(broken, result)).toThrow(
    expect.objectContaining({
      code: 'CONTRACT_BROKEN',
      violations: [
        expect.objectContaining({
          field: 'contract.day',
          message: expect.stringContaining('Date'),
        }),
        expect.objectContaining({ field: 'contract.dya', hint: expect.stringContaining('"day"') }),
      ],
    }),
  );
});

const int = (name: string) => ({ name, type: { kind: 'int32' } }) as const;

test('a query becomes a dataset with schema, count and size, and says which backend serves it', async () => {
  const context = contextFor(
    'select id, day from flights where id < 2 order by id -- the first;\n ; ',
  );
  const result = await runPostgresExtract(context);
  expect(result).toMatchObject({
    rows: 2,
    dataset: {
      uri: expect.stringMatching(/^file:\/\/\/.*\.ipc$/),
      rows: 2,
      schema: [
        { name: 'id', type: { kind: 'int32' } },
        { name: 'day', type: { kind: 'date' } },
      ],
    },
  });
  expect(context.updates[0]).toEqual({ backendPid: expect.any(Number), connection: 'source' });
});

test('a query without rows is a dataset without rows', async () => {
  expect(await rowsOf('select id from flights where false')).toEqual([]);
});

test.each([
  ['id = ${{ params.x }}', { kind: 'integer', value: '+3' }, [[3]]],
  ['day < ${{params.x}}', { kind: 'date', value: '2001-01-02' }, [[0]]],
  ['origin = ${{ params.x }}', { kind: 'string', value: 'O4' }, [[4]]],
  ['id > ${{ params.x }} + 0.2', { kind: 'float', value: '8.5' }, [[9]]],
  ['(id = 5) = ${{ params.x }} and id in (4, 5)', { kind: 'boolean', value: 'true' }, [[5]]],
  ['day > ${{ params.x }}', { kind: 'datetime', value: '2001-01-09 12:00' }, [[9]]],
  ['day > ${{ params.x }}', { kind: 'datetime', value: '2001-01-09T12:00:00.5+02:00' }, [[9]]],
  ['id = coalesce(${{ params.x }}, 6)', { kind: 'null' }, [[6]]],
] as const)('where %s with %j', async (condition, x, rows) => {
  expect(
    await rowsOf(`select id from flights where ${condition} order by id limit 1`, { x }),
  ).toEqual(rows);
});

test('whatever a text parameter holds comes back as the same text', async () => {
  const hostile = fc.constantFrom(
    "'",
    "''",
    '\\',
    "\\'",
    '$1',
    '$$',
    '--',
    '/*',
    '*/',
    ';',
    '"',
    '\n',
    ')',
    '}}',
  );
  const text = fc.array(fc.oneof(hostile, fc.string({ unit: 'grapheme' })), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(text, async (parts) => {
      const value = parts.join('').replaceAll('\0', '');
      const params = { x: { kind: 'string', value } } as const;
      expect(await rowsOf('select ${{ params.x }} as x, ${{ params.x }} as y', params)).toEqual([
        [value, value],
      ]);
    }),
    { numRuns: 40 },
  );
});

const X = { x: { kind: 'string', value: "') or true --" } } as const;

test.each([
  ["select id from flights where origin = '${{ params.x }}'"],
  [
    "select id from flights where origin = 'a' or origin = '${{ params.x }}' or origin = ${{ params.x }}",
  ],
  ['select id from flights /* ${{ params.x }} */'],
  ['select $q$ ${{ params.x }} $q$ as id'],
  ['select id as "${{ params.x }}" from flights'],
])('a parameter that is no value is refused: %s', async (query) => {
  await expect(rowsOf(query, X)).rejects.toMatchObject({ code: 'PARAMETER_INVALID' });
});

const FAILURES: readonly (readonly [string, Record<string, unknown>])[] = [
  ['select id from flihgts', { code: 'TABLE_NOT_FOUND', hint: 'did you mean "public.flights"?' }],
  [
    'select id\nfrom flights\nwhere nope = 1',
    {
      code: 'QUERY_FAILED',
      violations: [{ place: { line: 3, column: 7 } }],
      details: { sql_state: '42703' },
    },
  ],
  [
    'select ${{ params.x }} as "ø🙂",\n  nope from flights',
    { code: 'QUERY_FAILED', violations: [{ place: { line: 2, column: 3 } }] },
  ],
  ['select id frm, from flights', { code: 'QUERY_FAILED' }],
  ['select 1; drop table flights', { code: 'QUERY_FAILED' }],
  ['select 1) to stdout; drop table flights; copy (select 1', { code: 'QUERY_FAILED' }],
  ['delete from flights', { code: 'QUERY_FAILED', message: 'the query gives no columns' }],
  ['delete from flights returning id', { code: 'QUERY_FAILED', details: { sql_state: '25006' } }],
  ['select id / 0 as x from flights', { code: 'VALUE_INVALID', details: { sql_state: '22012' } }],
  ['select id, id from flights', { code: 'COLUMN_MISMATCH' }],
  ['explain select 1', { code: 'QUERY_FAILED', message: 'the query is a statement of EXPLAIN' }],
  ['-- all of them\nshow all', { code: 'QUERY_FAILED', message: expect.stringContaining('SHOW') }],
  ['select 1 \0 as a', { code: 'QUERY_FAILED', message: expect.stringContaining('NUL') }],
  ['select $1 as a', { code: 'PARAMETER_INVALID', message: expect.stringContaining('$1') }],
  [
    `select '{{1},{2}}'::int[] as a`,
    { code: 'VALUE_INVALID', hint: expect.stringContaining('cast(a as text)') },
  ],
  [
    `select timestamptz 'infinity' as at`,
    { code: 'VALUE_INVALID', details: { column: 'at', row: '1' } },
  ],
  [
    `select 'NaN'::numeric(5,2) as n`,
    { code: 'VALUE_INVALID', details: { column: 'n', row: '1' } },
  ],
  [
    'select ${{ params.since }} as x',
    { code: 'PARAMETER_INVALID', hint: expect.stringContaining('declare "since"') },
  ],
  ['select ${{ env.HOME }} as x', { code: 'PARAMETER_INVALID', hint: 'write ${{ params.name }}' }],
];

test.each(FAILURES)('%s is an error that says what to do', async (query, expected) => {
  const before = await readdir(database.folder);
  await expect(rowsOf(query, X)).rejects.toMatchObject(expected);
  expect(await readdir(database.folder)).toEqual(before);
  expect(await database.session.query('select count(*)::int as count from flights')).toEqual([
    { count: 10 },
  ]);
});

test('a value that cannot be taken stops a COPY that is still sending', async () => {
  const query = `select case when i = 100 then 'infinity' else timestamp '2001-01-01' end as at, repeat('x', 100) as x
    from generate_series(1, 3000000) i`;
  const startedAt = performance.now();
  await expect(rowsOf(query)).rejects.toMatchObject({
    code: 'VALUE_INVALID',
    details: { row: '100' },
  });
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

test('a place in the query is right when statements carry a trace', async () => {
  const { folder, address } = database;
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const config = { connection: 'source', query: 'select\n  nope from flights' };
  await expect(
    runPostgresExtract(createContext({ folder, address, config, traceparent })),
  ).rejects.toMatchObject({ violations: [{ place: { line: 2, column: 3 } }] });
});

test('an integer parameter that bigint does not hold is refused without showing it', async () => {
  const x = { kind: 'integer', value: '9223372036854775808' } as const;
  await expect(rowsOf('select ${{ params.x }} as x', { x })).rejects.toMatchObject({
    code: 'PARAMETER_INVALID',
    details: { parameter: 'x' },
  });
});

test('an abort ends the statement on the server within two seconds', async () => {
  const abort = new AbortController();
  const context = contextFor('select pg_sleep(60)::text as x', {}, abort.signal);
  const outcome = expect(runPostgresExtract(context)).rejects.toMatchObject({ code: 'CANCELLED' });
  const busy = () =>
    database.session.query(
      `select from pg_stat_activity where query like '%pg_sleep(60)%' and state = 'active' and pid <> pg_backend_pid()`,
    );
  await eventually(async () => (await busy()).length === 1, { withinMs: 5_000 });
  abort.abort();
  await outcome;
  await eventually(async () => (await busy()).length === 0, { withinMs: 2_000 });
});

test('rows of many megabytes pass through in pieces', async () => {
  const query = `select repeat(chr(64 + i), 20000000) as big, i from generate_series(1, 3) i`;
  const context = contextFor(`select length(big) as n, big from (${query}) b`);
  expect(await runPostgresExtract(context)).toMatchObject({ rows: 3 });
});
