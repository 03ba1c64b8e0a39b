/** What apply finds out about columns: all of it at once, and where it stands. */
import type { FloeError } from '@floe/errors';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture, type MetadataFixture } from './metadata-fixture.ts';

let fixture: MetadataFixture;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.query('create table sales (id int, amount float8, city text)', 'users');
  await fixture.setConnection('source');
});
afterAll(() => fixture.stop());

const apply = (source: string) => fixture.metadata.applyWorkflow({ source, validateOnly: false });

async function violationsOf(source: string): Promise<readonly string[]> {
  const error = await apply(source).then(
    () => undefined,
    (thrown: unknown) => thrown as FloeError,
  );
  return (error?.violations ?? []).map(
    ({ field, message, place }) => `${place?.line}:${place?.column} ${field}: ${message}`,
  );
}

const sales = (rest: string) => `name: sales
tasks:
  sales:
    type: postgres_extract
    connection: source
    query: select id, amount, city from sales
${rest}`;

test('errors of form, of columns and of contracts come together, each at its place', async () => {
  const found = await violationsOf(
    sales(`  late:
    type: expression_transform
    inputs: [sales]
    timeout: soon
    polars: |
      sales.select("id", "amonut")
  total:
    type: expression_transform
    inputs: [sales]
    polars: sales.group_by("city").agg(pl.col("amount").sum())
    contract:
      city: String
      amount: Int64
      count: UInt32
  after:
    type: expression_transform
    inputs: [nowhere]
    polars: nowhere.select("x")
`),
  );
  expect(found).toEqual([
    '10:14 tasks.late.timeout: a duration is written like 500ms, 30s, 10m, 1h30m or 1d',
    '12:26 tasks.late.polars: there is no column "amonut"',
    '19:15 tasks.total.contract.amount: the contract says that "amount" is Int64, the task gives Float64',
    '20:14 tasks.total.contract.count: the contract has a column "count", which the task does not give',
    '23:14 tasks.after.inputs[0]: no task is named `nowhere`',
  ]);
});

test('a task that loads more than its contract says is shown at the contract', async () => {
  const source = sales(`    contract:
      id: Int32
      city: String
`);
  expect(await violationsOf(source)).toEqual([
    '7:5 tasks.sales.contract: the task gives a column "amount", which is not in its contract',
  ]);
});

test('a contract stands for what nobody can be asked about', async () => {
  await fixture.setConnection('gone', { port: 1 });
  const source = sales(`    contract: { id: Int32, amount: Float64, city: String }
  late:
    type: expression_transform
    inputs: [sales]
    polars: sales.select("cty")
`).replace('connection: source', 'connection: gone');
  expect(await violationsOf(source)).toEqual(['11:26 tasks.late.polars: there is no column "cty"']);
});

test('a type that is none is refused with the nearest', async () => {
  const { problems } = await fixture.metadata.validateWorkflow({
    source: sales('    contract: { id: Int23, amount: Float64, city: String }\n'),
  });
  expect(problems.map(({ message, hint }) => `${message}: ${hint}`)).toEqual([
    '`Int23` is no type: Did you mean `Int32`?',
  ]);
});

test('columns flow through a workflow of 1,000 tasks', async () => {
  const tasks = Array.from({ length: 998 }, (_, index) => {
    const input = index === 0 ? 'sales' : `t${index - 1}`;
    return `  t${index}:
    type: expression_transform
    inputs: [${input}]
    polars: ${input}.filter(pl.col("amount") > ${index}).with_columns(x=pl.col("amount") * 2)\n`;
  });
  const last = `  last:
    type: expression_transform
    inputs: [t997]
    polars: t997.group_by("city").agg(pl.col("x").sum())\n`;
  const { version } = await apply(sales(tasks.join('') + last));
  expect(version!.tasks.at(-1)!.columns.map(({ name }) => name)).toEqual(['city', 'x']);
});

test('a version keeps what its extracts may leave out; the digest is that of the document', async () => {
  const source = sales(`  big:
    type: expression_transform
    inputs: [sales]
    polars: sales.filter(pl.col("amount") > 10).select("city")
`).replace('name: sales', 'name: pushed');
  const { version } = await apply(source);
  const tasks = version!.document!['tasks'] as { config: object }[];
  expect(tasks[0]!.config).toMatchObject({
    pushed: { columns: ['amount', 'city'], conditions: [{ kind: 'compare', column: 'amount' }] },
  });
  const again = await apply(source);
  expect(again).toMatchObject({ unchanged: true, version: { digest: version!.digest } });
});
