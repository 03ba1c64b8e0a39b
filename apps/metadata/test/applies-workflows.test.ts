import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { FloeError } from '@floe/errors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture, type MetadataFixture } from './metadata-fixture.ts';

let fixture: MetadataFixture;
let example: string;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.query(
    `create table public.flights (date timestamp, delay int, distance int, origin text, destination text);
     create table public.airports (iata text primary key, name text, city text, state text, country text,
       latitude float8, longitude float8);
     create schema analytics;
     create table analytics.late_flights (origin text primary key, name text, city text, state text,
       late_flights bigint, mean_delay float8, worst_delay int);
     create table analytics.late_routes (origin text, destination text, late_flights bigint, mean_delay float8,
       distance int, primary key (origin, destination))`,
    'users',
  );
  await fixture.setConnection('source');
  await fixture.setConnection('warehouse');
  example = await readFile(new URL('../../../examples/late-flights.yaml', import.meta.url), 'utf8');
});

afterAll(() => fixture.stop());

const apply = (source: string, validateOnly = false) =>
  fixture.metadata.applyWorkflow({ source, validateOnly });

async function refusal(source: string): Promise<FloeError> {
  const thrown = await apply(source).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof FloeError) return thrown;
  throw new Error('the document was accepted', { cause: thrown });
}

/** The text that a violation marks, from its place to the end of the line. */
function markedText(source: string, error: FloeError): string {
  const { line, column } = error.violations[0]!.place!;
  return source.split('\n')[line - 1]!.slice(column - 1);
}

const countVersions = async (name: string) => {
  const rows = await fixture.query(
    `select count(*)::int as count from floe.workflow_version where workflow_name = '${name}'`,
  );
  return rows[0]!['count'];
};

test('stores a version with the columns of its tasks, and the same content only once', async () => {
  const first = await apply(example);
  expect(first).toMatchObject({
    unchanged: false,
    warnings: [],
    version: { version: 1, source: example },
  });
  const ranking = first.version!.tasks.find((task) => task.taskId === 'ranking')!;
  expect(ranking.columns.map(({ name, type }) => `${name} ${type}`)).toContain(
    'late_flights UInt32',
  );
  const again = await apply(`# Another comment changes nothing.\n${example}`);
  expect(again).toMatchObject({
    unchanged: true,
    version: { version: 1, digest: first.version!.digest },
  });
  const changed = await apply(example.replace('default: 15', 'default: 20'));
  expect(changed).toMatchObject({ unchanged: false, version: { version: 2 } });
  expect(await countVersions('late-flights')).toBe(2);
  const { workflow, version } = await fixture.metadata.getWorkflow({
    name: 'late-flights',
    version: 1,
  });
  expect(workflow).toMatchObject({ latestVersion: 2, taskCount: 7 });
  expect(version!.source).toBe(example);
});

test('callers at the same time get versions one after the other', async () => {
  const sources = [1, 2, 3, 4, 5].map(
    (n) => `name: raced\ntasks: { a: { type: sleep, duration: ${n}s } }\n`,
  );
  const answers = await Promise.all(sources.map((source) => apply(source)));
  expect(answers.map((answer) => answer.version!.version).toSorted((a, b) => a - b)).toEqual([
    1, 2, 3, 4, 5,
  ]);
});

test('validate_only stores nothing', async () => {
  const source = 'name: only-checked\ntasks: { a: { type: noop } }\n';
  expect((await apply(source, true)).version).toMatchObject({
    version: 0,
    workflowName: 'only-checked',
  });
  expect(await countVersions('only-checked')).toBe(0);
});

const MISTAKES = [
  {
    what: 'a misspelt column in Polars',
    good: 'pl.col("delay").max()',
    bad: 'pl.col("dealy").max()',
    marked: 'dealy',
    hint: 'delay',
  },
  {
    what: 'a misspelt column in SQL',
    good: 'select date, delay,',
    bad: 'select date, dealy,',
    marked: 'dealy',
    hint: 'delay',
  },
  {
    what: 'a misspelt table in SQL',
    good: 'from public.airports',
    bad: 'from public.airprots',
    marked: 'public.airprots',
    hint: 'airports',
  },
  {
    what: 'a target table that is not there',
    good: 'table: analytics.late_routes',
    bad: 'table: analytics.late_rotues',
    marked: 'analytics.late_rotues',
    hint: 'late_routes',
  },
  {
    what: 'columns that the target lacks',
    good: '.alias("worst_delay")',
    bad: '.alias("worst")',
    marked: '',
    hint: '',
  },
  {
    what: 'a misspelt connection',
    good: 'connection: warehouse',
    bad: 'connection: warehose',
    marked: 'warehose',
    hint: 'warehouse',
  },
  {
    what: 'an upsert without a unique key',
    good: 'key: [origin, destination]',
    bad: 'key: [destination]',
    marked: 'analytics.late_routes',
    hint: 'unique index',
  },
];

test.each(MISTAKES)(
  '$what is refused at its place, and nothing is stored',
  async ({ good, bad, marked, hint }) => {
    const source = example.replace('name: late-flights', 'name: refused').replace(good, bad);
    const error = await refusal(source);
    expect(error.code).toBe('DOCUMENT_INVALID');
    expect(markedText(source, error)).toContain(marked);
    expect(error.violations.map((violation) => violation.hint ?? '').join()).toContain(hint);
    expect(await countVersions('refused')).toBe(0);
  },
);

test('a table that is not there is no error where the load makes it', async () => {
  const source = example
    .replace('name: late-flights', 'name: makes-table')
    .replace('table: analytics.late_routes', 'table: analytics.new_routes\n    create: true');
  expect((await apply(source)).warnings).toEqual([]);
});

test('columns that come twice are refused when the document is applied', async () => {
  const twice = example.replace(
    'select iata, name, city, state',
    'select iata, name, city, state, name',
  );
  expect((await refusal(twice)).violations[0]!.field).toBe('tasks.airports.query');
});

test('a type that Polars does not have is known to arrive as text', async () => {
  const source = `name: points\ntasks:\n  rows: { type: postgres_extract, connection: source, query: "select point '(1,2)' as p" }\n`;
  const answer = await apply(source);
  expect(answer.version!.tasks[0]!.columns).toMatchObject([{ name: 'p', type: 'String' }]);
});

test('a database that cannot be reached is a warning: the document is stored, its columns unknown', async () => {
  await fixture.setConnection('gone', { port: 1 });
  const source = `name: unreached\ntasks:\n  rows: { type: postgres_extract, connection: gone, query: select 1 as n }\n`;
  const answer = await apply(source);
  expect(answer.version).toMatchObject({ version: 1 });
  expect(answer.warnings).toEqual([expect.objectContaining({ field: 'connections.gone' })]);
  expect(answer.version!.tasks[0]!.columns).toEqual([]);
});

test('a database that accepts and never answers holds the check no longer than its deadline', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await fixture.setConnection('silent', { port: address.port });
  const startedAt = performance.now();
  const answer = await apply(
    'name: silence\ntasks:\n  rows: { type: postgres_extract, connection: silent, query: select 1 }\n',
  );
  expect(performance.now() - startedAt).toBeLessThan(9_000);
  expect(answer.warnings).toHaveLength(1);
  silent.close();
});

test('a wrong password is a warning that does not repeat it', async () => {
  process.env['TEST_WRONG_PASSWORD'] = 'canary-4711';
  await fixture.setConnection('locked', { secretReference: 'env:TEST_WRONG_PASSWORD' });
  const answer = await apply(
    'name: locked-out\ntasks:\n  rows: { type: postgres_extract, connection: locked, query: select 1 as n }\n',
  );
  expect(JSON.stringify(answer)).not.toContain('canary-4711');
  expect(answer.warnings).toHaveLength(1);
});

test('validate answers with problems instead of failing', async () => {
  const wrong = await fixture.metadata.validateWorkflow({
    source: 'name: x\ntasks:\n  a: { type: nop }\n',
  });
  expect(wrong).toMatchObject({
    valid: false,
    problems: [{ line: 3, column: 14, hint: 'Did you mean `noop`?' }],
  });
  const unknownConnection = await fixture.metadata.validateWorkflow({
    source: example.replace('connection: source', 'connection: sorce'),
  });
  expect(unknownConnection.valid).toBe(false);
  expect(unknownConnection.problems[0]).toMatchObject({ hint: 'Did you mean `source`?' });
  expect(unknownConnection.tasks).toHaveLength(7);
  expect(await fixture.metadata.validateWorkflow({ source: example })).toMatchObject({
    valid: true,
    problems: [],
  });
});
