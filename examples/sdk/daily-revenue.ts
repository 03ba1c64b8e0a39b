/** A workflow in TypeScript. A column that is not there does not compile, and its types go from task to task. */
import { rowCount, sql, workflow } from '@floe/client/workflow';

export const dailyRevenue = workflow('sdk-revenue', {
  description: 'What each shop takes in a day.',
  defaults: { retries: { max: 2, delay: '1s' }, timeout: '10m' },
});

const since = dailyRevenue.parameter('since', 'date', {
  default: '2026-01-01',
  description: 'The first day to look at.',
});

const orders = dailyRevenue.extract('orders', {
  connection: 'source',
  // Floe holds the database to these types when the workflow is applied.
  columns: { shop: 'String', day: 'Date', amount: 'Float64' },
  query: sql`select shop, day, amount from shop.orders where day >= ${since}`,
});

const revenue = dailyRevenue.transform(
  'revenue',
  orders
    .filter((row) => row.amount.gt(0))
    .groupBy('shop', 'day')
    .agg((row) => ({ orders: rowCount(), revenue: row.amount.sum(), largest: row.amount.max() }))
    .withColumns((row) => ({ share: row.largest.dividedBy(row.revenue).round(3) })),
);

dailyRevenue.load('store', revenue, {
  connection: 'warehouse',
  table: 'shop.daily_revenue',
  create: true,
  mode: 'upsert',
  key: ['shop', 'day'],
});
