import { expect, test } from 'vitest';
import { RECOMPUTES_MAX, reviveRunState, type GraphTask, type Outcome } from '../src/index.ts';
import { aGraph, RunDriver } from './run-driver.ts';

const MAKES: Partial<GraphTask> = { work: { kind: 'attempts', isRepeatable: true } };
const MADE: Outcome = { kind: 'succeeded', rows: 7 };

function missing(task: string): Outcome {
  const failure = { code: 'DATASET_MISSING', message: 'the rows are gone', details: { task } };
  return { kind: 'failed', failure, retryable: true };
}

/** `first` → `second` → `store`, of which the two first make datasets. */
function aChain(tasks: Readonly<Record<string, Partial<GraphTask>>> = {}): RunDriver {
  const edges = { first: [], second: ['first'], store: ['second'] };
  return new RunDriver(aGraph(edges, {}, { first: MAKES, second: MAKES, ...tasks })).start();
}

/** The chain up to the attempt of `store` that found nothing. */
function whenGone(run = aChain()): RunDriver {
  run.claim('first').finish('first', MADE).claim('second').finish('second', MADE);
  return run.claim('store').finish('store', missing('second'));
}

test('does the task again whose dataset is gone, and then the one that missed it (M1, M2)', () => {
  const run = whenGone();
  expect(run.statuses()).toBe('first:succeeded second:ready store:pending');
  expect(run.told('task_recalled')).toEqual([{ task: 1 }]);
  expect(run.dispatched()).toEqual(['second']);
  expect(run.task('second')).toMatchObject({ generation: 2, epoch: 2, attempts: 0 });
  expect(run.task('second').rows).toBeUndefined();
  run.claim('second').finish('second', MADE);
  expect(run.dispatched()).toEqual(['store']);
  // The attempt that found nothing is not charged: this is the first of its budget, which is one.
  run.claim('store');
  expect(run.task('store').attempts).toBe(1);
  run.finish('store');
  expect(run.state.status).toBe('succeeded');
});

test('goes up as far as datasets are gone (M1)', () => {
  const run = whenGone().claim('second').finish('second', missing('first'));
  expect(run.statuses()).toBe('first:ready second:pending store:pending');
  run.do('first').do('second').do('store');
  expect(run.state.status).toBe('succeeded');
  expect(run.task('first').generation).toBe(2);
  expect(run.task('second').generation).toBe(2);
});

test('the new generation has a budget and a total time of its own (M1)', () => {
  const policy = { ...aGraph({ a: [] }).tasks[0]!.policy, retriesMax: 1, totalTimeoutMs: 5_000 };
  const run = aChain({ second: { ...MAKES, policy } });
  run.do('first').claim('second').fail('second').wakeAfter(1_000);
  run.claim('second').finish('second', MADE);
  run.now = 4_900;
  run.claim('store').finish('store', missing('second'));
  expect(run.task('second').totalDeadlineAt).toBe(9_900);
  run.claim('second').fail('second');
  expect(run.task('second').status).toBe('retrying');
});

test('several that miss the same dataset wait for one new one (M2)', () => {
  const edges = { first: [], left: ['first'], right: ['first'] };
  const run = new RunDriver(aGraph(edges, {}, { first: MAKES })).start();
  run.claim('first').finish('first', MADE).claim('left').claim('right');
  run.finish('left', missing('first')).finish('right', missing('first'));
  expect(run.statuses()).toBe('first:ready left:pending right:pending');
  expect(run.task('first').generation).toBe(2);
  run.do('first').do('left').do('right');
  expect(run.state.status).toBe('succeeded');
});

test('an attempt that was given the old dataset is tried again with the new one (M3)', () => {
  const edges = { first: [], left: ['first'], right: ['first'] };
  const run = new RunDriver(aGraph(edges, {}, { first: MAKES })).start();
  run.claim('first').finish('first', MADE).claim('left').claim('right');
  run.finish('left', missing('first'));
  run.now = 2_000;
  run.claim('first').finish('first', MADE);
  run.finish('right', missing('first'));
  expect(run.task('first')).toMatchObject({ status: 'succeeded', generation: 2 });
  expect(run.dispatched()).toEqual(['right']);
  expect(run.task('right').attempts).toBe(0);
});

test('a dataset that goes missing again and again fails the task in words (M4)', () => {
  const run = whenGone();
  for (let time = 1; time < RECOMPUTES_MAX; time += 1) {
    run.do('second').claim('store').finish('store', missing('second'));
    expect(run.task('store').status).toBe('pending');
  }
  run.do('second').claim('store').finish('store', missing('second'));
  expect(run.state).toMatchObject({
    status: 'failed',
    failure: {
      code: 'DATASET_MISSING',
      message: 'the rows are gone; they were made again 3 times and went missing each time',
    },
  });
});

test('what does more than to make rows is never done again (M4)', () => {
  const run = whenGone(aChain({ second: {} }));
  expect(run.state.status).toBe('failed');
  expect(run.task('second')).toMatchObject({ status: 'succeeded', attempts: 1 });
  expect(run.task('store').failure?.message).toContain('second is not done again by itself');
});

test('a failure that names nothing that the task reads is a failure like any other (M1)', () => {
  const run = aChain().do('first').do('second').claim('store').finish('store', missing('first'));
  expect(run.state.status).toBe('failed');
  expect(run.task('first').generation).toBeUndefined();
});

test('when the task fails that was to make it again, so does what waited for it (M2)', () => {
  const run = whenGone().claim('second').fail('second', false);
  expect(run.statuses()).toBe('first:succeeded second:failed store:upstream_failed');
  expect(run.state.status).toBe('failed');
});

test('a load that fell silent before is ruled out when its input could not be made again (M2, V1)', () => {
  const run = aChain({ store: { commitsOnce: true } })
    .do('first')
    .do('second');
  run.claim('store').lose('store').wakeAfter(1_000).claim('store');
  run.finish('store', missing('second')).claim('second').fail('second', false);
  expect(run.task('store')).toMatchObject({ status: 'ready', voiding: { end: 'upstream_failed' } });
  run.claim('store').finish('store', { kind: 'succeeded', isVoid: true });
  expect(run.task('store')).toMatchObject({
    status: 'upstream_failed',
    failure: { code: 'UPSTREAM_FAILED', taskId: 'second' },
  });
});

test('a condition is not asked again (M2, G2)', () => {
  const when = {
    op: 'compare' as const,
    by: '==' as const,
    kind: 'number' as const,
    left: { from: 'rows' as const, task: 'second' },
    right: { from: 'literal' as const, value: '7' },
  };
  const run = whenGone(aChain({ store: { when } }));
  run.claim('second').finish('second', { kind: 'succeeded', rows: 8 });
  expect(run.task('store').status).toBe('ready');
});

test('does not go ahead without its input, whatever its trigger says (M2)', () => {
  const edges = { first: [], slow: [], store: ['first', 'slow'] };
  const tasks = { first: MAKES, store: { trigger: 'one_succeeded' as const } };
  const run = new RunDriver(aGraph(edges, {}, tasks)).start().do('first');
  run.claim('slow').claim('store').finish('store', missing('first'));
  run.finish('slow');
  expect(run.statuses()).toBe('first:ready slow:succeeded store:pending');
  run.do('first').do('store');
  expect(run.state.status).toBe('succeeded');
});

test('a paused run makes nothing again before it is resumed (M1, P2)', () => {
  const run = aChain().do('first').do('second').claim('store').feed({ type: 'pause' });
  run.finish('store', missing('second'));
  expect(run.statuses()).toBe('first:succeeded second:ready store:pending');
  expect(run.dispatched()).toEqual([]);
  run.feed({ type: 'resume' });
  expect(run.dispatched()).toEqual(['second']);
});

test('a cancelled run makes nothing again, and ends at once what is made again (M1, X1)', () => {
  const cancel = { type: 'cancel', reason: 'enough' } as const;
  const late = aChain().do('first').do('second').claim('store').feed(cancel);
  late.finish('store', missing('second'));
  expect(late.statuses()).toBe('first:succeeded second:succeeded store:cancelled');
  const waiting = whenGone().feed(cancel);
  expect(waiting.statuses()).toBe('first:succeeded second:cancelled store:cancelled');
  expect(waiting.state.status).toBe('cancelled');
});

test('the times of a run and of a task go on while an input is made again (W3, P6)', () => {
  const policy = { ...aGraph({ a: [] }).tasks[0]!.policy, totalTimeoutMs: 5_000 };
  const run = whenGone(aChain({ store: { policy } })).wakeAfter(5_000);
  expect(run.task('store')).toMatchObject({
    status: 'timed_out',
    failure: { code: 'TASK_TIMEOUT' },
  });
  expect(run.task('second').status).toBe('ready');
});

test('a run is the same when it is read again in the middle (B2, M1)', () => {
  const run = whenGone();
  const { wakeAt, ...read } = reviveRunState(run.graph, run.state, run.state.tasks);
  expect({ ...read, wakeAt: run.state.wakeAt }).toEqual(run.state);
  expect(run.state.wakeAt).toBeLessThanOrEqual(wakeAt!);
});

test('items that miss an input wait for it, and those that are done stay done (M5)', () => {
  const work = {
    kind: 'items',
    source: { from: 'list', count: 4 },
    chunk: 2,
    parallel: 1,
  } as const;
  const run = aChain({ store: { work } }).do('first').do('second').do('store');
  run.claim('store').finish('store', missing('second'));
  expect(run.statuses()).toBe('first:succeeded second:ready store:running');
  expect(run.dispatched()).toEqual(['second']);
  expect(run.task('store').items).toMatchObject({ succeeded: 2, failed: 0, live: [] });
  run.do('second');
  expect(run.dispatched()).toEqual(['store']);
  run.do('store');
  expect(run.state.status).toBe('succeeded');
});

test('rows that are the items themselves are not made again (M4)', () => {
  const source = { from: 'rows', task: 1 } as const;
  const work = { kind: 'items', source, chunk: 7, parallel: 1 } as const;
  const run = whenGone(aChain({ store: { work } }));
  expect(run.task('second').generation).toBeUndefined();
  expect(run.state.failure?.message).toContain('other rows would be other items');
});

test('waits for items only until the input has failed to come (M5)', () => {
  const work = {
    kind: 'items',
    source: { from: 'list', count: 2 },
    chunk: 2,
    parallel: 1,
  } as const;
  const run = whenGone(aChain({ store: { work } }))
    .claim('second')
    .fail('second', false);
  run.claim('store').finish('store', missing('second'));
  expect(run.task('store').status).toBe('failed');
  expect(run.state.status).toBe('failed');
});
