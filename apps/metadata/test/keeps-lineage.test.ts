/** The lineage that metadata keeps of a version: exact where it reads, and said where it does not. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture, type MetadataFixture } from './metadata-fixture.ts';

let fixture: MetadataFixture;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.query(
    `create table orders (id int, amount float8, city text, note text) partition by range (id);
     create table orders_1 partition of orders for values from (0) to (100);
     create table cities (city text, country text);
     create view big_orders as select id, amount * 2 as double from orders;
     create schema analytics;
     create table analytics.totals (country text primary key, total float8, orders bigint)`,
    'users',
  );
  await fixture.setConnection('source');
  await fixture.setConnection('warehouse');
});
afterAll(() => fixture.stop());

const apply = (source: string) => fixture.metadata.applyWorkflow({ source, validateOnly: false });

/** The current edges of a workflow, or those of a version, as lines. */
async function edgesOf(workflow: string, version?: number): Promise<readonly string[]> {
  const rows = await fixture.query(
    `select concat_ws(' ', coalesce(s.name, '?') || '.' || coalesce(nullif(e.source_column, ''), '*'), '->',
       t.name || '.' || coalesce(nullif(e.target_column, ''), '*'), e.how, e.transformation,
       case when e.is_masked then 'masked' end, e.certainty) as line
     from floe.lineage_edge e join floe.lineage_dataset t on t.dataset_id = e.target_id
     left join floe.lineage_dataset s on s.dataset_id = e.source_id
     where e.workflow_name = '${workflow}' and ${version === undefined ? 'e.is_current' : `e.version = ${version}`}
     order by e.edge_id`,
  );
  return rows.map((row) => String(row['line']));
}

const TOTALS = `name: totals
tasks:
  orders:
    type: postgres_extract
    connection: source
    query: select id, amount, city, upper(note) as note from orders where id > 0
  cities: { type: postgres_extract, connection: source, query: table cities }
  totals:
    type: expression_transform
    inputs: [orders, cities]
    polars: |
      orders.filter(pl.col("note") != "X").join(cities, on="city").group_by("country").agg(
          total=pl.col("amount").sum(), orders=pl.len()
      )
  store:
    type: postgres_load
    inputs: [totals]
    connection: warehouse
    table: analytics.totals
    mode: upsert
    key: [country]
`;

test('follows the columns of a load through transform and extract to the columns of tables', async () => {
  await apply(TOTALS);
  expect(await edgesOf('totals')).toEqual([
    'public.cities.country -> analytics.totals.country value identity exact',
    'public.orders.amount -> analytics.totals.total value aggregation exact',
    // Which rows an SQL query gives may depend on all that it reads; views and partitions are named by their tables.
    'public.orders.* -> analytics.totals.* filter transformation opaque',
    'public.cities.* -> analytics.totals.* filter transformation opaque',
    'public.orders.city -> analytics.totals.* join identity exact',
    'public.cities.city -> analytics.totals.* join identity exact',
    'public.cities.country -> analytics.totals.* group identity exact',
  ]);
});

test('what SQL computes is opaque, and what nobody reads is a dataset of the workflow', async () => {
  await apply(`name: opaque
tasks:
  big: { type: postgres_extract, connection: source, query: 'select id, id + 1 as next from big_orders' }
`);
  expect(await edgesOf('opaque')).toEqual([
    'public.big_orders.id -> opaque/big.id value identity exact',
    'public.orders.* -> opaque/big.next value transformation opaque',
    'public.orders.* -> opaque/big.* filter transformation opaque',
  ]);
});

test('a database that does not answer leaves its part unresolved, until the document is applied again', async () => {
  const source = `name: late
tasks:
  cities: { type: postgres_extract, connection: moved, query: table cities }
  upper: { type: expression_transform, inputs: [cities], polars: 'cities.select(pl.col("city").str.to_uppercase())' }
  store: { type: postgres_load, inputs: [upper], connection: source, table: upper, mode: append, create: true }
`;
  await fixture.setConnection('moved', { port: 1 });
  await apply(source);
  expect(await edgesOf('late')).toEqual(['?.* -> public.upper.* value transformation unresolved']);
  await fixture.setConnection('moved');
  expect((await apply(source)).unchanged).toBe(true);
  expect(await edgesOf('late')).toEqual([
    'public.cities.city -> public.upper.city value transformation exact',
    'public.cities.* -> public.upper.* filter transformation opaque',
  ]);
});

test('a table that is loaded from no table, and rows of an HTTP API, have their maker', async () => {
  await apply(`name: series
tasks:
  days: { type: postgres_extract, connection: source, query: 'select i as id from generate_series(1, 10) as i' }
  store: { type: postgres_load, inputs: [days], connection: warehouse, table: series, mode: replace, create: true }
`);
  expect(await edgesOf('series')).toEqual(['?.* -> public.series.* value transformation exact']);
  await apply(`name: from_api
tasks:
  rates:
    type: http
    url: https://api.example.com/v1/rates?base=NOK
    format: json
    columns: [{ currency: String }, { rate: Float64 }]
  store: { type: postgres_load, inputs: [rates], connection: warehouse, table: rates, mode: replace, create: true }
`);
  expect(await edgesOf('from_api')).toEqual([
    'api.example.com/v1/rates.currency -> public.rates.currency value identity exact',
    'api.example.com/v1/rates.rate -> public.rates.rate value identity exact',
  ]);
  await apply(`name: to_api
tasks:
  rates: { type: file_extract, path: rates.csv, columns: [{ rate: Float64 }] }
  tell: { type: http, inputs: [rates], method: POST, url: "https://api.example.com/v1/rates?x=1", send: json }
`);
  expect(await edgesOf('to_api')).toEqual([
    'rates.csv.rate -> api.example.com/v1/rates.rate value identity exact',
  ]);
});

test('questions are about the newest version, and each version keeps its own', async () => {
  const version = (column: string) => `name: versions
tasks:
  a: { type: postgres_extract, connection: source, query: select ${column} from cities }
`;
  await apply(version('city'));
  await apply(version('country'));
  const city = 'public.cities.city -> versions/a.city value identity exact';
  const country = 'public.cities.country -> versions/a.country value identity exact';
  expect(await edgesOf('versions')).toContain(country);
  expect(await edgesOf('versions')).not.toContain(city);
  expect(await edgesOf('versions', 1)).toContain(city);
  await fixture.metadata.deleteWorkflow({ name: 'versions' });
  expect(await edgesOf('versions')).toEqual([]);
  await apply(version('country'));
  expect(await edgesOf('versions')).toContain(country);
});

test('files are sources and targets by their path, and checks pass columns on', async () => {
  await apply(`name: files
tasks:
  prices: { type: file_extract, path: prices.csv, columns: [{ id: Int64 }, { price: Float64 }] }
  good: { type: check, inputs: [prices], rules: [{ not_null: [id] }] }
  out: { type: file_load, inputs: [good], path: out.parquet }
  raw: { type: file_extract, path: raw.csv }
`);
  expect(await edgesOf('files')).toEqual([
    'prices.csv.id -> out.parquet.id value identity exact',
    'prices.csv.price -> out.parquet.price value identity exact',
    'raw.csv.* -> files/raw.* value transformation unresolved',
  ]);
});
