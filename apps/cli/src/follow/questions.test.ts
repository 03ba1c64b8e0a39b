import type { TaskRun } from '@floe/client';
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { asksSomebody, questionLines } from './questions.ts';

const colors = pc.createColors(false);

const asked: TaskRun = {
  runId: 'r1',
  taskId: 'publish',
  type: 'approval',
  state: 'TASK_STATE_RUNNING',
  upstreamTaskIds: [],
  attemptCount: 1,
  recomputeCount: 0,
  cachedFromRunId: '',
  rows: '0',
  bytes: '0',
  peakMemoryBytes: '0',
  attempts: [],
  rowsUncounted: false,
};

test('an approval that waits says what it asks and how to answer', () => {
  const questions = new Map([['publish', { message: 'May it go on?', fields: ['reason'] }]]);
  expect(questionLines(asked, questions, colors)).toEqual([
    '? publish asks: May it go on?',
    '→ floe runs approve r1 publish --form reason=…  (no: --reject)',
  ]);
  expect(questionLines(asked, undefined, colors)[0]).toBe('? publish asks somebody to approve');
});

test('nobody is asked before an approval begins and after its answer', () => {
  const answer = { approved: true, approver: 'ada', comment: '' };
  expect(asksSomebody(asked)).toBe(true);
  expect(asksSomebody({ ...asked, state: 'TASK_STATE_PENDING' })).toBe(false);
  expect(asksSomebody({ ...asked, answer })).toBe(false);
  expect(asksSomebody({ ...asked, type: 'sleep' })).toBe(false);
});
