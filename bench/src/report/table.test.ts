import { expect, test } from 'vitest';
import { renderResult } from './table.ts';

const RESULT = {
  bench: 'extract',
  commit: 'abc',
  measured_at: '2026-11-27T04:00:00.000Z',
  load_before: 0.5,
  machine: { cpus: 2, memory_gib: 4, node: '26.0.0', postgres: '18.0', nats: '2.12.3' },
  figures: { wall_s: 1.5, rows: 3_000_000 },
};

test('a result has a line for each number of Floe, its peers and the ratios', () => {
  const peers = { psql_1: { wall_s: 2 } };
  expect(renderResult({ ...RESULT, peers, ratios: { psql_1: 0.75 } })).toBe(
    [
      'extract at abc',
      '2 CPUs, 4 GiB, Node 26.0.0, PostgreSQL 18.0, NATS 2.12.3',
      '',
      '  wall_s                         1.5',
      '  rows                     3,000,000',
      '  psql_1.wall_s                    2',
      '  Floe / psql_1                 0.75',
    ].join('\n'),
  );
});

test('a peer that was skipped says why', () => {
  const peers = { psql_1: { skipped: 'no psql in PATH' } };
  expect(renderResult({ ...RESULT, peers, ratios: {} })).toContain(
    'psql_1: skipped, no psql in PATH',
  );
});
