import { expect, test } from 'vitest';
import { CANCEL_DEADLINE_MS } from '../src/index.ts';
import { RunDriver, aGraph } from './run-driver.ts';

const soft = { type: 'cancel', reason: 'not needed', graceMs: 30_000 } as const;
const aRun = () => new RunDriver(aGraph({ a: [], b: ['a'], c: [] })).start().claim('a');

test('lets what runs end by itself, and starts nothing more (X4)', () => {
  const run = aRun().feed(soft);
  expect(run.told('stop_attempt')).toEqual([]);
  expect(run.statuses()).toBe('a:running b:cancelled c:cancelled');
  run.finish('a');
  expect(run.statuses()).toBe('a:succeeded b:cancelled c:cancelled');
  expect(run.state.status).toBe('cancelled');
});

test('tells what runs to stop when the grace is over (X4)', () => {
  const run = aRun().feed(soft).wakeAfter(30_000);
  expect(run.told('stop_attempt')).toEqual([{ task: 0, epoch: 1 }]);
  expect(run.state.status).toBe('cancelling');
  expect(run.wakeAfter(CANCEL_DEADLINE_MS).state.status).toBe('cancelled');
});

test('becomes a hard cancel when somebody asks for one (X5)', () => {
  const run = aRun().feed(soft);
  expect(run.feed(soft).refusal).toBe('cancelling');
  run.now = 5_000;
  expect(run.feed({ type: 'cancel', reason: 'now' }).told('stop_attempt')).toHaveLength(1);
  run.now = 5_000 + CANCEL_DEADLINE_MS - 1;
  expect(run.feed({ type: 'wake' }).state.status).toBe('cancelling');
  expect(run.wakeAfter(1).state.status).toBe('cancelled');
});
