import { expect, test } from 'vitest';
import { CANCEL_DEADLINE_MS } from '../src/index.ts';
import { RunDriver, aGraph } from './run-driver.ts';

const cancel = { type: 'cancel', reason: 'not needed' } as const;

test('ends at once what nobody works on (X1)', () => {
  const run = new RunDriver(aGraph({ a: [], b: ['a'] })).start().feed(cancel);
  expect(run.state).toMatchObject({
    status: 'cancelled',
    failure: { code: 'RUN_CANCELLED', message: 'not needed' },
  });
  expect(run.statuses()).toBe('a:cancelled b:cancelled');
});

test('tells running attempts to stop and waits for them (X2)', () => {
  const run = new RunDriver(aGraph({ a: [], b: ['a'] })).start().claim('a').feed(cancel);
  expect(run.commands).toContainEqual({ type: 'stop_attempt', task: 0, epoch: 1 });
  expect(run.state.status).toBe('cancelling');
  expect(run.finish('a', { kind: 'cancelled' }).state.status).toBe('cancelled');
});

test('stops waiting for workers that say nothing (X3)', () => {
  const run = new RunDriver(aGraph({ a: [] }))
    .start()
    .claim('a')
    .feed(cancel)
    .wakeAfter(CANCEL_DEADLINE_MS);
  expect(run.state.status).toBe('cancelled');
  expect(run.finish('a').refusal).toBe('run_ended');
});

test('starts nothing while it is cancelling (C3)', () => {
  const run = new RunDriver(aGraph({ a: [], b: ['a'], c: [] })).start().claim('a').feed(cancel);
  run.finish('a');
  expect(run.dispatched()).toEqual([]);
  expect(run.statuses()).toBe('a:succeeded b:cancelled c:cancelled');
  expect(run.state.status).toBe('cancelled');
});

test('does not retry while it is cancelling', () => {
  const run = new RunDriver(aGraph({ a: [] }, { retriesMax: 3 }))
    .start()
    .claim('a')
    .feed(cancel)
    .fail('a');
  expect(run.state.status).toBe('cancelled');
});

test('refuses a second cancel', () => {
  const run = new RunDriver(aGraph({ a: [] })).start().claim('a').feed(cancel).feed(cancel);
  expect(run.refusal).toBe('cancelling');
});
