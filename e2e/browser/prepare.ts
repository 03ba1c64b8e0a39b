/** What the pages have to show: workflows, runs that went well and badly, hostile texts. */
import type { Run } from '@floe/client';
import { prepareConnections } from '../support/prepare-connections.ts';
import type { TestFloe } from '../support/test-floe.ts';

export const HOSTILE = '<img src=x onerror="globalThis.wasHit = true">';

const ORDERS = `
  create table public.orders (region text, status text, amount double precision);
  insert into public.orders
    select case when i % 3 = 0 then null else 'region ' || i % 5 end, 'paid', i
    from generate_series(1, 3000) i;
  create table public.revenue (region text primary key, orders bigint, amount double precision);
`;

const REVENUE = `name: revenue
description: Revenue by region.
params:
  least: { type: integer, default: 10, description: Smaller orders are left out. }
tasks:
  orders:
    type: postgres_extract
    connection: source
    query: select region, amount from public.orders where amount >= \${{ params.least }}
  totals:
    type: expression_transform
    inputs: [orders]
    polars: |
      known = orders.filter(pl.col("region").is_not_null())
      known.group_by("region").agg(pl.len().cast(pl.Int64).alias("orders"), pl.col("amount").sum())
  store:
    type: postgres_load
    inputs: [totals]
    connection: warehouse
    table: public.revenue
    mode: upsert
    key: [region]
schedules:
  - { name: daily, cron: "0 6 * * *", timezone: Europe/Oslo }
`;

const BROKEN = `name: broken
tasks:
  regions: { type: postgres_extract, connection: source, query: select region from public.orders }
  numbers:
    type: expression_transform
    inputs: [regions]
    polars: |
      known = regions.filter(pl.col("region").is_not_null())
      known.with_columns(pl.col("region").cast(pl.Int64))
  after: { type: noop, needs: [numbers] }
`;

const SLOW = `name: slow
tasks:
  first: { type: sleep, duration: 3s }
  second: { type: sleep, duration: 60s, needs: [first] }
`;

const HOSTILE_WORKFLOW = `name: hostile
description: '${HOSTILE}'
params:
  text: { type: string, default: '${HOSTILE}', description: '${HOSTILE}' }
tasks:
  fails:
    type: postgres_extract
    connection: source
    description: '${HOSTILE}'
    query: select ('${HOSTILE}' || region)::int as "<img src=x onerror=globalThis.wasHit=true>" from public.orders where region is not null
`;

const ASK = `name: ask
tasks:
  ask:
    type: approval
    message: May it go on?
    form: { share: { type: integer, required: false, description: Percent that may be lost. } }
  go: { type: noop, needs: [ask] }
`;

const TWICE = `name: twice
tasks:
  late: { type: sleep, duration: 60s, timeout: 200ms, retries: { max: 1, delay: 100ms } }
`;

export type Prepared = {
  readonly good: Run;
  readonly other: Run;
  readonly broken: Run;
  readonly hostile: Run;
  /** Its task has two attempts. */
  readonly twice: Run;
};

export async function prepare(floe: TestFloe): Promise<Prepared> {
  await prepareConnections(floe);
  await floe.sql(ORDERS);
  for (const source of [REVENUE, BROKEN, SLOW, HOSTILE_WORKFLOW, ASK, TWICE]) {
    await floe.client.applyWorkflow(source);
  }
  await floe.client.applyWorkflow(REVENUE.replace('default: 10', 'default: 20'));
  const start = async (workflowName: string, parameters = {}) =>
    (await floe.client.startRun({ workflowName, parameters })).run;
  const runs = {
    good: await start('revenue', { least: 5 }),
    other: await start('revenue', { least: 1_000 }),
    broken: await start('broken'),
    hostile: await start('hostile', { text: HOSTILE }),
    twice: await start('twice'),
  };
  for (const { runId } of Object.values(runs)) await untilEnded(floe, runId);
  return runs;
}

/** Its events come to an end when it does. */
async function untilEnded({ client }: TestFloe, runId: string): Promise<void> {
  for await (const update of client.watchRun(runId)) void update;
}

export const LARGE_TASKS = 5_000;

/** Chains of a hundred tasks side by side, each behind the same first one. */
export function largeWorkflow(): string {
  const tasks = Array.from({ length: LARGE_TASKS - 1 }, (_, index) => {
    const before = index % 100 === 0 ? 'first' : `t${index - 1}`;
    return `  t${index}: { type: noop, needs: [${before}] }`;
  });
  return ['name: large', 'tasks:', '  first: { type: sleep, duration: 60s }', ...tasks, ''].join(
    '\n',
  );
}
