import { expect, test } from 'vitest';
import { judgeOffline } from './judge-offline.ts';

test('accepts a document whose tables nobody can be asked about', () => {
  const text = `name: offline
tasks:
  flights: { type: postgres_extract, connection: source, query: select origin from flights }
  store: { type: postgres_load, inputs: [flights], connection: warehouse, table: t, mode: append }
`;
  expect(judgeOffline(text)).toEqual({
    checkedBy: 'offline',
    errors: [],
    warnings: [],
    taskCount: 2,
  });
});

test('finds an unknown method in Polars text, with its place in the document', () => {
  const text = `name: offline
tasks:
  flights: { type: postgres_extract, connection: source, query: select origin from flights }
  ranking:
    type: expression_transform
    inputs: [flights]
    polars: |
      flights.filtr(pl.col("delay") > 15)
`;
  const { errors } = judgeOffline(text);
  expect(errors).toMatchObject([{ field: 'tasks.ranking.polars', place: { line: 8 } }]);
});
