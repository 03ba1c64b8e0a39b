import { expect, test } from 'vitest';
import type { Lineage, LineageEdge } from '@floe/client';
import { lineageModel, shortName } from './lineage-model.ts';

function edge(from: string, to: string, depth: number): LineageEdge {
  const [fromDataset = '', fromColumn = ''] = from.split('.');
  const [toDataset = '', toColumn = ''] = to.split('.');
  return { fromDataset, fromColumn, toDataset, toColumn, depth, kind: 'value' } as LineageEdge;
}

function lineage(edges: readonly LineageEdge[]): Lineage {
  return { edges, dataset: 'mid', column: 'c', truncated: false, nextPageToken: '', loads: [] };
}

test('puts sources left and users right of what was asked about (1)', () => {
  const model = lineageModel(
    lineage([edge('near.a', 'mid.c', 1), edge('far.b', 'near.a', 2)]),
    lineage([edge('mid.c', 'report.d', 1)]),
  );
  expect(model.nodes.map(({ dataset, level, columns }) => [dataset, level, columns])).toEqual([
    ['far', -2, ['b']],
    ['near', -1, ['a']],
    ['mid', 0, ['c']],
    ['report', 1, ['d']],
  ]);
  expect(model.edges).toHaveLength(3);
});

test('shows a dataset once, at its shortest way, with all its columns (2)', () => {
  const model = lineageModel(
    lineage([edge('src.a', 'mid.c', 1), edge('other.x', 'mid.c', 1), edge('src.b', 'other.x', 2)]),
    lineage([]),
  );
  expect(model.nodes.find(({ dataset }) => dataset === 'src')).toEqual({
    dataset: 'src',
    level: -1,
    columns: ['a', 'b'],
  });
});

test('shortName keeps what people call it', () => {
  expect(shortName('postgres://db:5432/shop/public.orders')).toBe('public.orders');
  expect(shortName('')).toBe('no table known');
});
