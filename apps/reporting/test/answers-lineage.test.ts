/** Lineage over workflows that share tables: both ways, by depth, in pages. */
import { LineageDirection, type GetLineageResponse } from '@floe/rpc/contracts';
import { migrate, openControlDatabase } from '@floe/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture, type Fixture } from './reporting-fixture.ts';

let fixture: Fixture;

const PREFIX = 'postgres://db:5432/shop/';
const DATASETS = [
  'public.orders',
  'public.customers',
  'analytics.totals',
  'analytics.top',
  'other.orders',
];

/** Source, target, how, and the workflow whose newest version says so. */
const EDGES = [
  ['public.orders.amount', 'analytics.totals.total', 'value', 'totals'],
  ['public.orders.day', 'analytics.totals.', 'filter', 'totals'],
  ['public.customers.', 'analytics.totals.customer', 'value', 'totals'],
  ['analytics.totals.total', 'analytics.top.best', 'value', 'top'],
  ['analytics.totals.customer', 'analytics.top.who', 'value', 'top'],
  // The table is fed from what it feeds.
  ['analytics.top.best', 'public.orders.amount', 'value', 'back'],
] as const;

beforeAll(async () => {
  fixture = await startFixture();
  await migrate(fixture.databaseUrl);
  const database = openControlDatabase({
    url: fixture.databaseUrl,
    role: 'floe_metadata',
    applicationName: 'test-metadata',
    connectionsMax: 1,
  });
  const { db } = database;
  for (const name of ['totals', 'top', 'back', 'wide']) {
    await db.insertInto('workflow').values({ name, latest_version: 1, task_count: 1 }).execute();
    await db
      .insertInto('workflow_version')
      .values({
        workflow_name: name,
        version: 1,
        source: '',
        document: '{}',
        digest: '',
        task_schemas: '{}',
      })
      .execute();
  }
  const uris = [
    ...DATASETS.map((name) => [PREFIX + name, name] as const),
    ['floe://wide/t', 'wide/t'] as const,
  ];
  const rows = await db
    .insertInto('lineage_dataset')
    .values(uris.map(([uri, name]) => ({ uri, name, short_name: name.split('.').at(-1)! })))
    .returning(['dataset_id', 'name'])
    .execute();
  const ids = new Map(rows.map((row) => [row.name, row.dataset_id]));
  const node = (text: string) => {
    const [schema, table, column] = text.split('.') as [string, string, string];
    return { id: ids.get(`${schema}.${table}`)!, column };
  };
  const edge = {
    version: 1,
    task_id: 'store',
    transformation: 'identity',
    is_masked: false,
    certainty: 'exact',
  };
  for (const [from, to, how, workflow_name] of EDGES) {
    const [source, target] = [node(from), node(to)];
    await db
      .insertInto('lineage_edge')
      .values({
        ...edge,
        workflow_name,
        how,
        source_id: source.id,
        source_column: source.column,
        target_id: target.id,
        target_column: target.column,
      })
      .execute();
  }
  const wide = Array.from({ length: 25 }, (_, n) => ({
    ...edge,
    workflow_name: 'wide',
    how: 'value',
    source_id: ids.get('public.customers')!,
    source_column: 'id',
    target_id: ids.get('wide/t')!,
    target_column: `c${n}`,
  }));
  await db.insertInto('lineage_edge').values(wide).execute();
  await db
    .insertInto('lineage_edge')
    .values({ ...wide[0]!, target_column: 'old', is_current: false })
    .execute();
  await database.close();
});
afterAll(() => fixture.stop());

const ask = (dataset: string, direction: LineageDirection, rest: object = {}) =>
  fixture.client.getLineage({
    dataset,
    column: '',
    direction,
    depth: 0,
    pageSize: 0,
    pageToken: '',
    ...rest,
  });

const lines = ({ edges }: GetLineageResponse) =>
  edges.map(
    (edge) =>
      `${edge.depth} ${edge.fromDataset.replace(PREFIX, '')}.${edge.fromColumn} -> ${edge.toDataset.replace(PREFIX, '')}.${edge.toColumn} ${edge.kind}`,
  );

test('goes up from a column through workflows that share a table, and stops where it comes round', async () => {
  const answer = await ask('analytics.top.best', LineageDirection.UP);
  expect(answer).toMatchObject({
    dataset: `${PREFIX}analytics.top`,
    column: 'best',
    truncated: false,
  });
  expect(lines(answer)).toEqual([
    '1 analytics.totals.total -> analytics.top.best value',
    '2 public.orders.amount -> analytics.totals.total value',
    '2 public.orders.day -> analytics.totals. filter',
    '3 analytics.top.best -> public.orders.amount value',
  ]);
});

test('says who uses a column, also those who only filter by it, and those of whom no column is known', async () => {
  expect(
    lines(await ask('public.orders', LineageDirection.DOWN, { column: 'day', depth: 1 })),
  ).toEqual(['1 public.orders.day -> analytics.totals. filter']);
  const down = await ask('customers.name', LineageDirection.DOWN);
  expect(lines(down)).toEqual([
    '1 public.customers. -> analytics.totals.customer value',
    '2 analytics.totals.customer -> analytics.top.who value',
  ]);
});

test('pages of one step hold every edge once, and larger answers say that they are not whole', async () => {
  const seen: string[] = [];
  let pageToken = '';
  do {
    const page = await ask('public.customers', LineageDirection.DOWN, {
      depth: 1,
      pageSize: 10,
      pageToken,
    });
    expect(page.edges.length).toBeLessThanOrEqual(10);
    seen.push(...lines(page));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  expect(seen).toHaveLength(26);
  expect(new Set(seen).size).toBe(26);
  expect(seen.join()).not.toContain('old');
  const cut = await ask('public.customers', LineageDirection.DOWN, { pageSize: 10 });
  expect(cut).toMatchObject({ truncated: true, nextPageToken: '' });
  expect(cut.edges).toHaveLength(10);
});

test('a name that is not there, or there twice, is refused with the names that are', async () => {
  await expect(ask('analytics.totls', LineageDirection.UP)).rejects.toMatchObject({
    code: 'LINEAGE_NOT_FOUND',
    hint: 'Did you mean analytics.totals?',
  });
  await expect(ask('orders', LineageDirection.UP)).rejects.toMatchObject({
    code: 'ARGUMENT_INVALID',
    hint: expect.stringContaining(`${PREFIX}other.orders`),
  });
  await expect(ask('public.orders', LineageDirection.UP, { depth: 21 })).rejects.toMatchObject({
    code: 'ARGUMENT_INVALID',
  });
});
