import type { Run, TaskRun } from '@floe/client';
import { expect, test } from 'vitest';
import { createLiveDisplay } from '../src/follow/live-display.ts';
import { createPlainDisplay } from '../src/follow/plain-display.ts';
import { viewRun } from '../src/follow/run-view.ts';
import { createRecordingTerminal } from './recording-terminal.ts';

const run: Run = {
  runId: '01900000-0000-7000-8000-000000000000',
  workflowName: 'late-flights',
  workflowVersion: 1,
  state: 'RUN_STATE_RUNNING',
  trigger: 'TRIGGER_KIND_MANUAL',
  createTime: '2026-01-01T00:00:00Z',
  rowsLoaded: '0',
  traceId: '',
  traceUrl: '',
  sequence: '1',
  generation: 1,
  retryOfRunId: '',
  parentRunId: '',
};

function tasks(count: number): TaskRun[] {
  return Array.from({ length: count }, (_, index) => ({
    runId: run.runId,
    taskId: `a-task-with-a-long-name-${index}`,
    type: 'postgres_extract',
    state: 'TASK_STATE_RUNNING',
    upstreamTaskIds: [],
    attemptCount: 1,
    recomputeCount: 0,
    cachedFromRunId: '',
    startTime: '2026-01-01T00:00:00Z',
    rows: '1000000',
    bytes: '1000000000',
    peakMemoryBytes: '0',
    attempts: [],
    rowsUncounted: false,
  }));
}

// The moves that the display makes: up by lines, clear below, hide and show the cursor.
// oxlint-disable-next-line no-control-regex -- finding escape sequences is its purpose
const MOVES = /\u001b\[(\??\d*)([AJhl])/g;

test('draws no line wider and no frame higher than the terminal (L2)', () => {
  const terminal = createRecordingTerminal({ isLive: true, columns: 60, rows: 10 });
  const display = createLiveDisplay(terminal);
  display.show(viewRun(run, tasks(40)));
  display.end();
  const frames = terminal.stderr().split('\u001b[0J').slice(1);
  for (const frame of frames) {
    const lines = frame.replace(MOVES, '').split('\n').slice(0, -1);
    expect(lines.length).toBeLessThan(10);
    for (const line of lines) expect(Array.from(line).length).toBeLessThan(60);
    expect(frame).toMatch(/… and \d+ more tasks/);
  }
});

test('goes up by exactly the lines that it drew (L1)', () => {
  const terminal = createRecordingTerminal({ isLive: true, columns: 100, rows: 30 });
  const display = createLiveDisplay(terminal);
  display.show(viewRun(run, tasks(3)));
  display.remark('a remark');
  display.end();
  const [first, second, third] = terminal.stderr().split('\u001b[0J').slice(1);
  const drawn = (frame: string): number => frame.replace(MOVES, '').split('\n').length - 1;
  expect(first).toContain(`\u001b[${drawn(first!)}A`);
  expect(second).toBe('a remark\n\r');
  expect(third).toContain(`\u001b[${drawn(third!)}A`);
});

test('gives the cursor back at the end (L3)', () => {
  const terminal = createRecordingTerminal({ isLive: true });
  const display = createLiveDisplay(terminal);
  display.show(viewRun(run, tasks(1)));
  display.end();
  const cursor = Array.from(terminal.stderr().matchAll(MOVES), ([move]) => move).filter((move) =>
    move.includes('?25'),
  );
  expect(cursor).toEqual(['\u001b[?25l', '\u001b[?25h']);
});

test('prints one line for each change without a live terminal', () => {
  const terminal = createRecordingTerminal();
  const display = createPlainDisplay(terminal);
  const [task] = tasks(1);
  display.show(viewRun(run, [{ ...task!, state: 'TASK_STATE_PENDING' }]));
  display.show(viewRun(run, [task!]));
  display.show(viewRun(run, [{ ...task!, rows: '2000000' }]));
  display.show(viewRun(run, [{ ...task!, state: 'TASK_STATE_SUCCEEDED' }]));
  const lines = terminal.stderr().trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/running/);
  expect(lines[1]).toMatch(/succeeded/);
});
