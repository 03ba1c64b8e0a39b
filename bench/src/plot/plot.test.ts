import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Measurement } from '../bench.ts';
import type { BenchResult } from '../report/result.ts';
import { judge } from './goals.ts';
import { plot } from './plot.ts';

const MACHINE = { cpus: 2, memory_gib: 4, node: '26.0.0', postgres: '18.0', nats: '2.12.3' };

const result = (bench: string, measured: Partial<Measurement>): BenchResult => ({
  bench,
  commit: 'abc',
  measured_at: '2026-11-27T04:00:00.000Z',
  load_before: 0.5,
  machine: MACHINE,
  figures: {},
  peers: {},
  ratios: {},
  ...measured,
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-plot-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a goal is met when what it wants is found, and one without a result is left out', () => {
  const judged = judge(
    new Map([
      ['engine', result('engine', { figures: { tasks_per_second: 10_000 } })],
      ['etl-2000000', result('etl', { ratios: { python_polars: 0.5 } })],
      ['latency', result('latency', { figures: { p50_ms: 20 } })],
    ]),
  );
  const found = judged.map(({ result: name, found: value, share }) => [name, value, share]);
  expect(found).toEqual([
    ['engine', 10_000, 0.5],
    ['latency', 20, 2],
    ['etl-2000000', 2, 1.5],
  ]);
});

test('the same results give the same drawings, with every size and every peer that ran', async () => {
  const peers = { python_polars: { wall_s: 3 }, pandas: { skipped: 'no <pandas>' } };
  for (const rows of [20_000_000, 500_000])
    await writeFile(
      join(folder, `etl-${rows}.json`),
      JSON.stringify(result('etl', { figures: { wall_s: 1, rows }, peers })),
    );
  const drawn = async () => {
    const files = await plot(folder);
    return Promise.all(files.map((file) => readFile(file, 'utf8')));
  };
  const first = await drawn();
  expect(await drawn()).toEqual(first);
  const [dataPlane = '', , page = ''] = first;
  const words = [...dataPlane.matchAll(/>([^<>]+)<\/text>/g)].map(([, word]) => word);
  expect(words.filter((word) => word!.endsWith('rows'))).toEqual([
    '500 thousand rows',
    '20 million rows',
  ]);
  expect(words.filter((word) => word === 'Python Polars by hand')).toHaveLength(2);
  expect(words).not.toContain('pandas');
  expect(page).toContain('skipped: no <pandas>');
});
