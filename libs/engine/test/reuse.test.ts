import { expect, test } from 'vitest';
import { decide, retriedRunState, type RunState } from '../src/index.ts';
import { RUN_TIMEOUT_MS, RunDriver, aGraph } from './run-driver.ts';

const again = { now: 5_000, timeoutMs: RUN_TIMEOUT_MS };
const statuses = ({ tasks }: RunState) => tasks.map(({ status }) => status);

test('ends a ready task at once whose result is known (Y1)', () => {
  const run = new RunDriver(aGraph({ a: [], b: ['a'] })).start();
  run.feed({ type: 'reuse', task: 0, epoch: 1, rows: 7 });
  expect(run.task('a')).toMatchObject({
    status: 'succeeded',
    rows: 7,
    isReused: true,
    attempts: 0,
  });
  expect(run.dispatched()).toEqual(['b']);
  expect(run.claim('a').refusal).toBe('not_ready');
});

test('skips a ready task that finds its place taken (Y2)', () => {
  const run = new RunDriver(aGraph({ a: [], b: ['a'] })).start();
  run.feed({ type: 'skip', task: 0, epoch: 1, reason: 'customer 7 is being loaded' });
  expect(run.statuses()).toBe('a:skipped b:skipped');
});

test('runs again what did not end well, and what follows from it (Y3)', () => {
  const edges = { good: [], bad: [], after: ['bad'], join: ['good', 'after'], other: ['good'] };
  const graph = aGraph(edges);
  const run = new RunDriver(graph).start().do('good').do('bad', 'failed').do('other');
  const { state, kept } = retriedRunState(graph, run.state, again);
  expect(kept).toEqual([0, 4]);
  expect(statuses(state)).toEqual(['succeeded', 'pending', 'pending', 'pending', 'succeeded']);
  const started = decide(graph, state, { type: 'start' }, { now: 5_000, random: 0 });
  const told = started.kind === 'changed' ? started.commands : [];
  expect(told.filter(({ type }) => type === 'dispatch')).toEqual([
    { type: 'dispatch', task: 1, epoch: 1, number: 1 },
  ]);
});

test('runs again a named task and all after it, good or not (Y3)', () => {
  const graph = aGraph({ a: [], b: ['a'], c: ['b'], other: [] });
  const run = new RunDriver(graph).start().do('a').do('b').do('c').do('other');
  const { kept } = retriedRunState(graph, run.state, { ...again, from: 1 });
  expect(kept).toEqual([0, 3]);
});

test('runs again a task that handled a failure, although it succeeded (Y3)', () => {
  const graph = aGraph({ a: [], tell: ['a'] }, {}, { tell: { trigger: 'all_done' } });
  const run = new RunDriver(graph).start().do('a', 'failed').do('tell');
  expect(retriedRunState(graph, run.state, again).kept).toEqual([]);
});
