// Hunts datasets whose parts are of different snapshots, and whole extracts that are done again for one lost file.
import { expect, test } from 'vitest';
import { RECOMPUTES_MAX, retriedRunState, type Outcome, type Work } from '../src/index.ts';
import { RUN_TIMEOUT_MS, RunDriver, aGraph } from './run-driver.ts';

const COUNT = 3;

function partitions(of?: number): Work {
  const source = { from: 'partitions', count: COUNT, isLed: of === undefined } as const;
  const parallel = COUNT + 1;
  return {
    kind: 'items',
    source: { ...source, ...(of !== undefined && { of }) },
    chunk: 1,
    parallel,
  };
}

/** `read` → `map` → `store`: a source read in parts, a task that follows the parts, and one that reads all of them. */
function aRun(): RunDriver {
  const edges = { read: [], map: ['read'], store: ['map'], other: ['read'] };
  const works = { read: { work: partitions() }, map: { work: partitions(0) } };
  return new RunDriver(aGraph(edges, {}, works)).start();
}

/** Ends the attempt for the partition on offer. */
function doPart(run: RunDriver, id: string, outcome: Outcome): RunDriver {
  const { epoch } = run.task(id);
  return run.claim(id).finish(id, outcome, epoch);
}

function lead(run: RunDriver): RunDriver {
  const { epoch } = run.task('read');
  return run
    .claim('read')
    .feed({ type: 'hand_out', task: 0, epoch, handout: '{"snapshot":"1-1"}' });
}

/** Does every partition that is offered; each makes as many rows as its number, and ten. */
function doParts(run: RunDriver, id: string): RunDriver {
  for (let done = 0; done < COUNT; done += 1) {
    const { offer } = run.task(id).items ?? {};
    if (offer === undefined) return run;
    doPart(run, id, { kind: 'succeeded', rows: 10 + Number(offer.items) });
  }
  return run;
}

function missing(task: string, parts?: string): Outcome {
  const details = { task, ...(parts !== undefined && { parts }) };
  const failure = { code: 'DATASET_MISSING', message: 'the rows are gone', details };
  return { kind: 'failed', failure, retryable: true };
}

/** All is made, and `store` reads. */
function whenMade(): RunDriver {
  const run = doParts(doParts(lead(aRun()), 'read'), 'map');
  expect(run.statuses()).toBe('read:succeeded map:succeeded store:ready other:ready');
  return run.claim('store').do('other');
}

const offered = (run: RunDriver, id: string) => run.task(id).items?.offer?.items;

test('only the part that is gone is made again, and its rows count once (N7)', () => {
  const run = whenMade().finish('store', missing('map', '1'));
  expect(run.statuses()).toBe('read:succeeded map:ready store:pending other:succeeded');
  expect(run.task('map')).toMatchObject({ generation: 2, rows: 22, items: { done: 's.s' } });
  expect(run.told('task_recalled')).toEqual([{ task: 1, isKeptInPart: true }]);
  expect(offered(run, 'map')).toBe('1');
  doPart(run, 'map', { kind: 'succeeded', rows: 11 });
  expect(run.task('map')).toMatchObject({ status: 'succeeded', rows: 33 });
  expect(run.do('store').state.status).toBe('succeeded');
});

test('a part whose source is gone too makes all of a snapshot anew, and all that follows it (N7, N8)', () => {
  const run = whenMade().finish('store', missing('map', '1'));
  doPart(run, 'map', missing('read'));
  expect(run.task('read')).toMatchObject({
    status: 'ready',
    generation: 2,
    items: { done: 's.s' },
  });
  const gone = { code: 'SNAPSHOT_GONE', message: 'the snapshot is gone' };
  doPart(run, 'read', { kind: 'failed', failure: gone, retryable: true });
  expect(run.told('attempt_ended')).toHaveLength(1);
  expect(run.task('read').items).toMatchObject({ done: '...', offer: { items: '' } });
  // Else its part 1 would be of the new snapshot, and the others of the old one.
  expect(run.task('map').items).toMatchObject({ done: '...', succeeded: 0 });
  doParts(doParts(lead(run), 'read'), 'map');
  expect(run.task('map')).toMatchObject({ status: 'succeeded', rows: 33 });
  expect(run.do('store').state.status).toBe('succeeded');
});

test('a part whose source is made again as it was is the only one that is made again (N7)', () => {
  const run = whenMade().finish('store', missing('map', '1'));
  doPart(run, 'map', missing('read'));
  doPart(run, 'read', { kind: 'succeeded', rows: 11 });
  expect(run.task('read')).toMatchObject({ status: 'succeeded', rows: 33, generation: 2 });
  expect(offered(run, 'map')).toBe('1');
  doPart(run, 'map', { kind: 'succeeded', rows: 11 });
  expect(run.do('store').state.status).toBe('succeeded');
});

test('no part is handed out while what it is made of does not count (M5)', () => {
  const run = whenMade().finish('store', missing('map'));
  const { epoch } = run.task('map');
  run.claim('map');
  expect(offered(run, 'map')).toBe('1');
  run.finish('map', missing('read'), epoch);
  expect(offered(run, 'map')).toBeUndefined();
  expect(run.claim('map').refusal).toBe('not_ready');
  doPart(run, 'read', { kind: 'succeeded', rows: 11 });
  expect(offered(run, 'map')).toBeDefined();
  expect(doParts(run, 'map').do('store').state.status).toBe('succeeded');
});

test('all are made again where nobody knows which are gone, or all are (N7)', () => {
  for (const parts of [undefined, '0,1,2', '7', 'x']) {
    const run = whenMade().finish('store', missing('map', parts));
    expect(run.task('map')).toMatchObject({ generation: 2, items: { done: '...' } });
    expect(doParts(run, 'map').do('store').state.status).toBe('succeeded');
  }
});

test('parts that are found missing while others are made again are made in the same go (N7)', () => {
  const run = doParts(doParts(lead(aRun()), 'read'), 'map')
    .claim('store')
    .claim('other');
  doPart(run.finish('store', missing('map', '1')), 'map', missing('read'));
  run.finish('other', missing('read', '2'));
  expect(run.task('read').items).toMatchObject({ done: 's..', succeeded: 1 });
  expect(run.task('read').generation).toBe(2);
  doParts(run, 'read');
  expect(run.task('read').status).toBe('succeeded');
});

test('what was made of parts that were replaced since is made anew as a whole (N8)', () => {
  const run = doParts(doParts(lead(aRun()), 'read'), 'map')
    .claim('store')
    .claim('other');
  run.now = 1_000;
  run.finish('other', missing('read'));
  doParts(lead(run), 'read');
  run.finish('store', missing('map', '1'));
  expect(run.task('map').items).toMatchObject({ done: '...' });
});

test('a part that goes missing again and again fails its reader in words (M4)', () => {
  const run = whenMade();
  for (let time = 0; time < RECOMPUTES_MAX; time += 1) {
    run.finish('store', missing('map', '1')).do('map').claim('store');
  }
  run.finish('store', missing('map', '1'));
  expect(run.state.failure?.message).toContain('went missing each time');
});

test('a run that keeps the parts makes one of them again (N7, Y3)', () => {
  const ended = whenMade().fail('store', false);
  const { state } = retriedRunState(ended.graph, ended.state, {
    now: 0,
    timeoutMs: RUN_TIMEOUT_MS,
  });
  const run = new RunDriver(ended.graph);
  run.state = state;
  run.start().claim('store').finish('store', missing('map', '2'));
  expect(run.task('map')).toMatchObject({ generation: 2, items: { done: 'ss.' } });
});
