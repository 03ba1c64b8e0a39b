// Hunts the commit that comes after its run was shown as ended, and the run that does not end because of it.
import { describe, expect, test } from 'vitest';
import {
  CANCEL_DEADLINE_MS,
  LOSSES_MAX,
  newRunState,
  openDraft,
  VOID_WITHIN_MS,
} from '../src/index.ts';
import { RunDriver, aGraph } from './run-driver.ts';

const cancel = { type: 'cancel', reason: 'not needed' } as const;
const voided = { kind: 'succeeded', isVoid: true } as const;

function aLoad(policy: Parameters<typeof aGraph>[1] = {}): RunDriver {
  return new RunDriver(aGraph({ load: [] }, policy, { load: { commitsOnce: true } })).start();
}

function aSilentCancel(): RunDriver {
  return aLoad().claim('load').feed(cancel).wakeAfter(CANCEL_DEADLINE_MS);
}

describe('a cancelled load whose executor says nothing', () => {
  test('is not shown as cancelled before it is ruled out (V1, V2)', () => {
    const run = aSilentCancel();
    expect(run.dispatched()).toEqual(['load']);
    expect(run.task('load')).toMatchObject({ status: 'ready', epoch: 2, attempts: 1 });
    expect(run.state.status).toBe('cancelling');
    run.claim('load');
    expect(run.told('attempt_claimed')).toEqual([{ task: 0, epoch: 2 }]);
    run.finish('load', voided);
    expect(run.statuses()).toBe('load:cancelled');
    expect(run.state).toMatchObject({ status: 'cancelled', failure: { message: 'not needed' } });
    expect(run.task('load')).toMatchObject({ attempts: 1 });
  });

  test('has succeeded when it turns out to have taken effect (V4)', () => {
    const run = aSilentCancel().claim('load').finish('load', { kind: 'succeeded', rows: 7 });
    expect(run.task('load')).toMatchObject({ status: 'succeeded', rows: 7 });
    expect(run.state.status).toBe('succeeded');
  });

  test('ends all the same when nobody can ask, and says so (V5)', () => {
    const run = aSilentCancel().claim('load').wakeAfter(VOID_WITHIN_MS);
    expect(run.statuses()).toBe('load:cancelled');
    expect(run.task('load').failure).toMatchObject({ code: 'LOAD_UNCERTAIN', taskId: 'load' });
    expect(run.state).toMatchObject({
      status: 'cancelled',
      failure: {
        code: 'RUN_CANCELLED',
        message: 'not needed; it is not known whether load took effect',
      },
    });
    expect(run.commands.some(({ type }) => type === 'stop_attempt')).toBe(false);
  });

  test('is asked for again when the one who asks is lost or fails (V2)', () => {
    const run = aSilentCancel().claim('load').lose('load');
    expect(run.task('load')).toMatchObject({ status: 'retrying', losses: 0 });
    run.wakeAfter(1_000).claim('load').fail('load').wakeAfter(1_000);
    expect(run.task('load')).toMatchObject({ status: 'ready', epoch: 4, attempts: 1 });
    expect(run.claim('load').finish('load', voided).state.status).toBe('cancelled');
  });

  test('may be ruled out by somebody else while no executor has it (V6)', () => {
    const ruledOut = { type: 'ruled_out', task: 0, epoch: 2 } as const;
    const run = aSilentCancel().feed({ ...ruledOut, isVoid: true });
    expect(run.statuses()).toBe('load:cancelled');
    expect(run.state).toMatchObject({ status: 'cancelled', failure: { message: 'not needed' } });
    const done = aSilentCancel().feed({ ...ruledOut, isVoid: false, rows: 7 });
    expect(done.task('load')).toMatchObject({ status: 'succeeded', rows: 7 });
    const claimed = aSilentCancel()
      .claim('load')
      .feed({ ...ruledOut, isVoid: true });
    expect(claimed.refusal).toBe('not_ready');
    const before = aLoad().feed({ ...ruledOut, epoch: 1, isVoid: true });
    expect(before.refusal).toBe('not_ready');
    expect(aSilentCancel().feed({ ...ruledOut, epoch: 1, isVoid: true }).refusal).toBe(
      'stale_epoch',
    );
  });

  test('is not waited for when asking is hopeless (V5)', () => {
    const run = aSilentCancel().claim('load').fail('load', false);
    expect(run.task('load').failure?.message).toMatch(/not known.*no such column/);
    expect(run.state.status).toBe('cancelled');
  });

  test('sleeps until something is due', () => {
    const run = aSilentCancel().claim('load');
    expect(run.state.wakeAt).toBe(run.now + VOID_WITHIN_MS);
    expect(run.wakeAfter(CANCEL_DEADLINE_MS).refusal).toBe('not_due');
  });

  test('the zombie itself is refused', () => {
    expect(aSilentCancel().finish('load', { kind: 'succeeded' }, 1).refusal).toBe('stale_epoch');
  });
});

test('a load that its executor confirms as stopped ends at once', () => {
  const run = aLoad().claim('load').feed(cancel).finish('load', { kind: 'cancelled' });
  expect(run.state.status).toBe('cancelled');
});

test('a load that never began ends at once', () => {
  expect(aLoad().feed(cancel).state.status).toBe('cancelled');
});

test('what an attempt before the last left open is ruled out too (V1)', () => {
  const run = aLoad({ retriesMax: 2 }).claim('load').lose('load').feed(cancel);
  expect(run.state.status).toBe('cancelling');
  expect(run.task('load')).toMatchObject({ status: 'ready', epoch: 2 });
  expect(run.claim('load').finish('load', voided).state.status).toBe('cancelled');
});

test('a load that ran out of time, or of losses, is ruled out too (V1)', () => {
  const late = aLoad({ timeoutMs: 1_000 }).claim('load').wakeAfter(11_000);
  expect(late.task('load').voiding).toMatchObject({ end: 'timed_out' });
  late.claim('load').finish('load', voided);
  expect(late.task('load')).toMatchObject({
    status: 'timed_out',
    failure: { code: 'ATTEMPT_TIMEOUT' },
  });
  const lost = aLoad();
  for (let loss = 0; loss <= LOSSES_MAX; loss += 1)
    lost.claim('load').lose('load').wakeAfter(2_000);
  expect(lost.task('load').voiding).toMatchObject({ end: 'failed' });
});

test('a task without a ledger is not waited for', () => {
  const run = new RunDriver(aGraph({ a: [] })).start().claim('a').feed(cancel);
  expect(run.wakeAfter(CANCEL_DEADLINE_MS).state.status).toBe('cancelled');
});

test('a cancel, a pause and the timeouts leave it alone (V3)', () => {
  const run = aLoad({ timeoutMs: 1_000, totalTimeoutMs: 12_000 }).claim('load').wakeAfter(11_000);
  run.feed({ type: 'pause' }).claim('load');
  expect(run.refusal).toBeUndefined();
  run.feed({ type: 'resume' }).wakeAfter(2_000).feed(cancel);
  expect(run.told('stop_attempt')).toEqual([]);
  run.wakeAfter(CANCEL_DEADLINE_MS);
  expect(run.task('load')).toMatchObject({ status: 'running', epoch: 2 });
  expect(run.finish('load', voided).task('load').status).toBe('timed_out');
});

test('the next task starts when the load had taken effect (V4)', () => {
  const graph = aGraph(
    { load: [], next: ['load'] },
    { timeoutMs: 1_000 },
    { load: { commitsOnce: true } },
  );
  const run = new RunDriver(graph).start().claim('load').wakeAfter(11_000).claim('load');
  run.finish('load', { kind: 'succeeded', rows: 1 });
  expect(run.statuses()).toBe('load:succeeded next:ready');
});

const work = {
  kind: 'items',
  source: { from: 'list', count: 3 },
  chunk: 1,
  parallel: 2,
} as const;

test('the loss of a chunk that nobody holds is refused and leaves no mark (E3)', () => {
  const graph = aGraph({ load: [] }, {}, { load: { commitsOnce: true, work } });
  const draft = openDraft(graph, newRunState(graph, { now: 0, timeoutMs: 60_000 }));
  const world = { now: 0, random: 0 };
  draft.apply({ type: 'start' }, world);
  draft.apply({ type: 'claim', task: 0, epoch: 1 }, world);
  const loss = draft.apply({ type: 'lost', task: 0, epoch: 2, reason: 'gone' }, world);
  expect(loss).toEqual({ kind: 'refused', refusal: 'not_running' });
  expect(draft.task(0).isUnheard).toBeUndefined();
});

test('the loads of items are ruled out together', () => {
  const graph = aGraph({ load: [] }, {}, { load: { commitsOnce: true, work } });
  const run = new RunDriver(graph).start().claim('load').claim('load');
  run.finish('load', { kind: 'succeeded' }, 1).feed(cancel).wakeAfter(CANCEL_DEADLINE_MS);
  expect(run.dispatched()).toEqual(['load']);
  run.claim('load').finish('load', voided);
  expect(run.statuses()).toBe('load:cancelled');
  expect(run.task('load').items).toMatchObject({ succeeded: 1, live: [] });
});
