import { describe, expect, test } from 'vitest';
import type { Attempt } from '@floe/client';
import { someRun, someTask } from '../run/fixtures.ts';
import { traceSpans, waitedMs, wholeOf } from './trace-spans.ts';

const at = (ms: number) => new Date(ms).toISOString();

function attemptOf(number: number, [ready, claim, end]: readonly (number | undefined)[]): Attempt {
  return {
    number,
    state: end === undefined ? 'ATTEMPT_STATE_RUNNING' : 'ATTEMPT_STATE_FAILED',
    ...(ready !== undefined && { readyTime: at(ready) }),
    ...(claim !== undefined && { claimTime: at(claim) }),
    ...(end !== undefined && { endTime: at(end) }),
  } as Attempt;
}

const run = { ...someRun('RUN_STATE_RUNNING', '1'), createTime: at(1_000) };
const twice = {
  ...someTask('twice', 'TASK_STATE_RUNNING'),
  startTime: at(1_200),
  readyTime: at(1_100),
  attempts: [attemptOf(1, [1_100, 1_200, 1_500]), attemptOf(2, [2_500, 2_600])],
};
const first = {
  ...someTask('first', 'TASK_STATE_SUCCEEDED'),
  startTime: at(1_050),
  endTime: at(1_090),
};
const later = someTask('later', 'TASK_STATE_PENDING');
const model = { run, tasks: [twice, first, later], sequence: '1' };

describe('traceSpans', () => {
  const spans = traceSpans(model, 4_000, () => true);

  test('puts spans below their parents, in the order in which they began (1)', () => {
    const names = spans.map(({ kind, name }) => `${kind} ${name}`);
    expect(names).toEqual([
      'run late-flights',
      'task first',
      'task twice',
      'attempt attempt 1',
      'attempt attempt 2',
    ]);
    expect(spans[0]).toMatchObject({ startMs: 1_000, endMs: 4_000, childCount: 2 });
  });

  test('has none for what has not begun (2)', () => {
    expect(spans.some(({ taskId }) => taskId === 'later')).toBe(false);
  });

  test('tells waits as gaps before an attempt, and the attempt that it came after (3)', () => {
    const second = spans.at(-1)!;
    expect(second).toMatchObject({ startMs: 2_600, endMs: 4_000, after: 1 });
    expect(second.waits).toEqual([
      { kind: 'again', startMs: 1_500, endMs: 2_500 },
      { kind: 'slot', startMs: 2_500, endMs: 2_600 },
    ]);
    expect(waitedMs(second)).toBe(1_100);
  });

  test('leaves out what is below a task that is closed', () => {
    const closed = traceSpans(model, 4_000, () => false);
    expect(closed.map(({ kind }) => kind)).toEqual(['run', 'task', 'task']);
    expect(closed[2]).toMatchObject({ childCount: 2 });
  });

  test('has no wait between attempts that run beside each other', () => {
    const beside = {
      ...twice,
      attempts: [attemptOf(1, [1_100, 1_200, 3_000]), attemptOf(2, [1_100, 1_200, 3_000])],
    };
    const [, , , second] = traceSpans({ ...model, tasks: [beside] }, 4_000, () => true);
    expect(second?.waits).toEqual([{ kind: 'slot', startMs: 1_100, endMs: 1_200 }]);
  });
});

test('the whole is never empty', () => {
  const spans = traceSpans({ ...model, tasks: [] }, 1_000, () => true);
  expect(wholeOf(spans)).toEqual({ startMs: 1_000, endMs: 1_001 });
});
