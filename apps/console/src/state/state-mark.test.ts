import { describe, expect, test } from 'vitest';
import type { RunState } from '@floe/client';
import { RUN_STATES, hasEnded, markOf } from './state-mark.ts';

describe('markOf', () => {
  test('reads a state as the word that the design uses', () => {
    expect(markOf('TASK_STATE_UPSTREAM_FAILED').word).toBe('upstream failed');
    expect(markOf('RUN_STATE_TIMED_OUT')).toEqual({
      word: 'timed out',
      icon: 'clock',
      tone: 'bad',
    });
  });

  test('tells every two states of a run apart without colour', () => {
    const marks = RUN_STATES.map((state) => markOf(state));
    expect(new Set(marks.map(({ icon }) => icon)).size).toBe(RUN_STATES.length);
  });

  test('keeps the word of a state that it does not know', () => {
    expect(markOf('RUN_STATE_HIBERNATING' as RunState).word).toBe('hibernating');
  });
});

test('a run has ended only in its four final states', () => {
  expect(RUN_STATES.filter(hasEnded)).toEqual([
    'RUN_STATE_SUCCEEDED',
    'RUN_STATE_FAILED',
    'RUN_STATE_CANCELLED',
    'RUN_STATE_TIMED_OUT',
  ]);
});
