import type { Lineage, LineageEdge } from '@floe/client';
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { renderLineage } from './lineage-tree.ts';

const plain = pc.createColors(false);
const SHOP = 'postgres://db:5432/shop/';

const edge = (from: string, to: string, rest: Partial<LineageEdge> = {}): LineageEdge => {
  const split = (text: string) =>
    [SHOP + text.slice(0, text.lastIndexOf('.')), text.slice(text.lastIndexOf('.') + 1)] as const;
  const [[fromDataset, fromColumn], [toDataset, toColumn]] = [split(from), split(to)];
  return {
    fromDataset,
    fromColumn,
    toDataset,
    toColumn,
    kind: 'value',
    workflowName: 'totals',
    workflowVersion: 3,
    taskId: 'store',
    transformation: 'identity',
    masked: false,
    certainty: 'exact',
    depth: 1,
    ...rest,
  };
};

const lineage = (dataset: string, column: string, edges: readonly LineageEdge[]): Lineage => ({
  dataset: SHOP + dataset,
  column,
  edges,
  truncated: false,
  nextPageToken: '',
  loads: [],
});

test('draws a tree: values first, doubts marked, what was drawn above not again, and no circles', () => {
  const up = lineage('a.top', 'best', [
    edge('a.orders.day', 'a.top.', { kind: 'filter' }),
    edge('a.totals.total', 'a.top.best', { transformation: 'aggregation', masked: true }),
    edge('a.orders.', 'a.totals.total', { certainty: 'opaque' }),
    edge('a.totals.total', 'a.orders.x'),
  ]);
  expect(renderLineage([{ up }], plain)).toEqual([
    'a.top.best comes from',
    '├─ a.totals.total  aggregated, masked  totals v3, task store',
    '│  └─ a.orders  as it is ? opaque  totals v3, task store',
    '│     └─ x ← a.totals.total  as it is  totals v3, task store (above)',
    '└─ a.orders.day  filter  totals v3, task store',
  ]);
});

test('of a whole table it says which column a line is about; tables of two servers are told apart', () => {
  const other = { toDataset: 'postgres://elsewhere:5432/shop/a.totals', kind: 'join' };
  const down = lineage('a.orders', '', [
    edge('a.orders.x', 'a.totals.total'),
    edge('a.orders.id', 'a.totals.', other),
  ]);
  expect(renderLineage([{ down }], plain)).toEqual([
    'a.orders is used by',
    `├─ x → ${SHOP}a.totals.total  as it is  totals v3, task store`,
    '└─ id → postgres://elsewhere:5432/shop/a.totals  join  totals v3, task store',
  ]);
});

test('says when there is nothing, and when there is more', () => {
  expect(renderLineage([{ up: lineage('a.x', '', []) }], plain)).toEqual([
    'a.x comes from nothing that an applied workflow says',
  ]);
  const cut = { ...lineage('a.x', '', [edge('a.y.c', 'a.x.c')]), truncated: true };
  expect(renderLineage([{ up: cut }], plain).at(-1)).toContain('There is more');
});

test('rows that come from no table have a maker all the same, and a last load', () => {
  const made = lineage('a.top', '', [
    { ...edge('x.', 'a.top.'), fromDataset: '', transformation: 'transformation' },
  ]);
  const load = { workflowName: 'totals', taskId: 'store', rows: '1200', runId: 'r-1' };
  const loads = [
    { ...load, loadTime: '2024-01-02T03:04:05Z' },
    { ...load, taskId: 'other', runId: '' },
  ] as unknown as Lineage['loads'];
  expect(renderLineage([{ up: { ...made, loads } }], plain)).toEqual([
    'a.top comes from',
    '└─ (no table or file)  computed  totals v3, task store',
    'loaded by totals, task store at 2024-01-02T03:04:05Z: 1,200 rows, run r-1',
    'totals, task other has not loaded it yet',
  ]);
});
