import { expect, test } from 'vitest';
import { countHarm, type Harm } from './effects.ts';
import type { FollowedRun } from './load.ts';
import { isUnharmed } from './report.ts';
import { SOURCE_ROWS } from './workflows.ts';

const ALL = { rows: SOURCE_ROWS, ids: SOURCE_ROWS };
const SUCCEEDED: FollowedRun = { batch: 1, kind: 'load', runId: 'a', state: 'RUN_STATE_SUCCEEDED' };
const CANCELLED: FollowedRun = {
  batch: 1,
  kind: 'slow',
  runId: 'a',
  state: 'RUN_STATE_CANCELLED',
  rowsAtEnd: 0,
};

function harmOf(run: FollowedRun, rows: { rows: number; ids: number } | undefined): Harm {
  const batches = new Map(rows === undefined ? [] : [[run.batch, rows]]);
  return countHarm([run], { batches, runIds: new Set(['a']) });
}

test('a load that succeeded once and a cancelled one without rows are no harm', () => {
  expect(isUnharmed(harmOf(SUCCEEDED, ALL))).toBe(true);
  expect(isUnharmed(harmOf(CANCELLED, undefined))).toBe(true);
});

test.each([
  ['lost_effects', SUCCEEDED, undefined],
  ['lost_effects', SUCCEEDED, { rows: 10, ids: 10 }],
  ['doubled_effects', SUCCEEDED, { rows: 2 * SOURCE_ROWS, ids: SOURCE_ROWS }],
  ['partial_effects', { ...CANCELLED, rowsAtEnd: 10 }, { rows: 10, ids: 10 }],
  ['late_effects', CANCELLED, ALL],
  ['lost_runs', { ...SUCCEEDED, runId: 'b' }, ALL],
  ['stuck_runs', { batch: 1, kind: 'fan', runId: 'a' }, undefined],
  ['failed_runs', { ...SUCCEEDED, state: 'RUN_STATE_FAILED' }, undefined],
] as const)('%s are counted', (name, run, rows) => {
  const harm = harmOf(run, rows);
  expect(harm[name]).toBe(1);
  expect(isUnharmed(harm)).toBe(false);
});

test('a second run for one request is counted', () => {
  const holding = { batches: new Map([[1, ALL]]), runIds: new Set(['a', 'b']) };
  expect(countHarm([SUCCEEDED], holding).doubled_runs).toBe(1);
});
