/** What explain says is what runs: order, the SQL with what was pushed into it, and the steps of Polars. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture, type MetadataFixture } from './metadata-fixture.ts';

let fixture: MetadataFixture;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.query('create table sales (id int, amount float8, city text, day date)', 'users');
  await fixture.setConnection('source');
});
afterAll(() => fixture.stop());

const SALES = `name: sales
params:
  least: { type: float, default: 10 }
tasks:
  totals:
    type: expression_transform
    inputs: [sales]
    polars: |
      big = sales.filter(pl.col("amount") > \${{ params.least }}, pl.col("city").str.len_chars() > 2)
      big.group_by("city").agg(
          total=pl.col("amount").sum(),
      )
  sales: { type: postgres_extract, connection: source, query: select * from sales }
`;

const explain = (source: string) => fixture.metadata.explainWorkflow({ source });

test('shows tasks in order, SQL with its parameters by name, and each step with its columns', async () => {
  const { tasks, workflowName, warnings } = await explain(SALES);
  expect({ workflowName, warnings }).toEqual({ workflowName: 'sales', warnings: [] });
  expect(
    tasks.map(({ taskId, step, upstreamTaskIds }) => [step, taskId, ...upstreamTaskIds]),
  ).toEqual([
    [1, 'sales'],
    [2, 'totals', 'sales'],
  ]);
  expect(tasks[0]).toMatchObject({
    // The length of a text stays in Polars alone; what moves is named by its parameter.
    sql: 'select "amount", "city" from (select * from sales\n) as floe_source where "amount" > ${{ params.least }}',
    columnsLeftOut: ['id', 'day'],
    rowsExtracted: '"amount" > ${{ params.least }}',
  });
  expect(tasks[1]!.plan).toEqual([
    'big = sales',
    '  .filter(pl.col("amount") > ${{ params.least }}, pl.col("city").str.len_chars() > 2)  → id, amount, city, day',
    'big',
    '  .group_by("city").agg( total=pl.col("amount").sum(), )  → city, total',
  ]);
});

test('shows the query as it is where push-down is off, and where no database answers', async () => {
  const off = await explain(SALES.replace('query: select', 'push_down: false, query: select'));
  expect(off.tasks[0]).toMatchObject({
    sql: 'select * from sales',
    columnsLeftOut: [],
    rowsExtracted: '',
  });
  await fixture.setConnection('gone', { port: 1 });
  const gone = await explain(SALES.replace('connection: source', 'connection: gone'));
  expect(gone.tasks[0]).toMatchObject({ sql: 'select * from sales', columns: [] });
  expect(gone.warnings).toHaveLength(1);
});

test('refuses a document with errors as apply does', async () => {
  await expect(explain(SALES.replace('"amount").sum', '"amuont").sum'))).rejects.toMatchObject({
    code: 'DOCUMENT_INVALID',
  });
});
