import { describe, expect, test } from 'vitest';
import type { Run, RunState } from '@floe/client';
import { withNewestPage, withOlderPage } from './runs-list.ts';

function runAt(second: number, state: RunState = 'RUN_STATE_SUCCEEDED'): Run {
  return {
    runId: `run-${second}`,
    workflowName: 'late-flights',
    workflowVersion: 1,
    state,
    trigger: 'TRIGGER_KIND_MANUAL',
    createTime: new Date(second * 1_000).toISOString(),
    rowsLoaded: '0',
    traceId: '',
    traceUrl: '',
    sequence: '1',
    generation: 1,
    retryOfRunId: '',
    parentRunId: '',
  };
}

const part = (seconds: readonly number[], nextPageToken = '') => ({
  runs: seconds.map((second) => runAt(second)),
  nextPageToken,
});
const seconds = (list: { readonly runs: readonly Run[] }) =>
  list.runs.map(({ createTime }) => Date.parse(createTime ?? '') / 1_000);

describe('withNewestPage', () => {
  test('puts new runs before those that were loaded and keeps the older ones', () => {
    const shown = withOlderPage(part([9, 8], 'after-8'), part([7, 6], 'after-6'));
    const list = withNewestPage(shown, part([10, 9], 'after-9'));
    expect(seconds(list)).toEqual([10, 9, 8, 7, 6]);
    expect(list.nextPageToken).toBe('after-6');
  });

  test('shows the newest state of a run', () => {
    const before = { runs: [runAt(9, 'RUN_STATE_RUNNING')], nextPageToken: '' };
    expect(withNewestPage(before, part([9])).runs[0]?.state).toBe('RUN_STATE_SUCCEEDED');
  });

  test('drops runs that left the filter', () => {
    expect(seconds(withNewestPage(part([9, 8, 7], 'x'), part([9, 7], 'after-7')))).toEqual([9, 7]);
  });

  test('drops everything else when the page is the last one', () => {
    expect(seconds(withNewestPage(part([9, 8], 'x'), part([10])))).toEqual([10]);
  });

  test('starts anew when so much happened that a gap would be left', () => {
    const list = withNewestPage(part([3, 2], 'after-2'), part([9, 8], 'after-8'));
    expect(seconds(list)).toEqual([9, 8]);
    expect(list.nextPageToken).toBe('after-8');
  });
});

test('withOlderPage shows no run twice when pages moved between two calls', () => {
  expect(seconds(withOlderPage(part([9, 8], 'x'), part([8, 7])))).toEqual([9, 8, 7]);
});
