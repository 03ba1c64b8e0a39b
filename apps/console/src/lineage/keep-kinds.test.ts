import { expect, test } from 'vitest';
import type { Lineage, LineageEdge } from '@floe/client';
import { keepKinds, parseKinds } from './keep-kinds.ts';

function edge(from: string, to: string, kind: string): LineageEdge {
  const [fromDataset = '', fromColumn = ''] = from.split('.');
  const [toDataset = '', toColumn = ''] = to.split('.');
  return { fromDataset, fromColumn, toDataset, toColumn, kind } as LineageEdge;
}

function kept(lineage: Lineage): readonly string[] {
  return lineage.edges.map(
    ({ fromDataset, fromColumn, kind }) => `${fromDataset}.${fromColumn} ${kind}`,
  );
}

const up = {
  dataset: 'report',
  column: '',
  edges: [
    edge('mid.sum', 'report.total', 'value'),
    edge('mid.region', 'report.', 'filter'),
    edge('raw.amount', 'mid.sum', 'value'),
    edge('raw.region', 'mid.region', 'value'),
    edge('raw.day', 'mid.sum', 'join'),
    edge('other.key', 'raw.day', 'join'),
  ],
} as unknown as Lineage;

test('keeps what leads there by values alone', () => {
  expect(kept(keepKinds(up, 'direct', 'up'))).toEqual(['mid.sum value', 'raw.amount value']);
});

test('keeps what leads there by rows alone, and leaves out what hangs behind a value', () => {
  expect(kept(keepKinds(up, 'indirect', 'up'))).toEqual(['mid.region filter']);
  expect(keepKinds(up, 'all', 'up')).toBe(up);
});

test('follows the other way too, and comes to an end in a circle', () => {
  const edges = [
    edge('a.x', 'b.x', 'value'),
    edge('b.x', 'a.x', 'value'),
    edge('b.x', 'c.x', 'sort'),
  ];
  const down = { dataset: 'a', column: 'x', edges } as unknown as Lineage;
  expect(kept(keepKinds(down, 'direct', 'down'))).toEqual(['a.x value', 'b.x value']);
});

test('reads what it knows', () => {
  expect(['direct', 'indirect', 'other', null].map(parseKinds)).toEqual([
    'direct',
    'indirect',
    'all',
    'all',
  ]);
});
