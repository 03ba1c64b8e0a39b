// Hunts the bug that needs an order of inputs nobody thought of: random graphs, random inputs, stale epochs.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRunEnded, isTaskEnded, wakeAt, type Input, type RunState } from '../src/index.ts';
import { RunDriver, aGraph } from './run-driver.ts';

const TASKS_MAX = 6;

const graphs = fc
  .array(fc.array(fc.nat(TASKS_MAX - 1), { maxLength: 3 }), { minLength: 1, maxLength: TASKS_MAX })
  .map((edges) => {
    const ids = edges.map((_, index) => `t${index}`);
    const upstream = edges.map((candidates, index) =>
      [...new Set(candidates)].filter((task) => task < index).map((task) => ids[task]!),
    );
    return aGraph(Object.fromEntries(ids.map((id, index) => [id, upstream[index]!])), {
      retriesMax: 1,
    });
  });

const failure = { code: 'QUERY_FAILED', message: 'broken' };
const named = { task: fc.nat(TASKS_MAX), epoch: fc.integer({ min: 0, max: 4 }) };
const inputs: fc.Arbitrary<Input> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('claim' as const), ...named }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('finish' as const),
      ...named,
      outcome: fc.constantFrom(
        { kind: 'succeeded' as const },
        { kind: 'failed' as const, failure, retryable: true },
        { kind: 'lost' as const, failure },
        { kind: 'handed_back' as const },
        { kind: 'cancelled' as const },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('lost' as const),
      ...named,
      reason: fc.constant('gone'),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ type: 'wake' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'cancel' as const, reason: 'enough' }) },
);

test('keeps its promises in any order of inputs (E1, S1, C1, F1)', () => {
  fc.assert(
    fc.property(graphs, fc.array(inputs, { maxLength: 80 }), (graph, sequence) => {
      const run = new RunDriver(graph).start();
      for (const input of sequence) {
        const before = run.state;
        run.now += 700;
        run.feed(input);
        checkStep(run, before);
      }
      checkEnds(run);
    }),
    { numRuns: 500 },
  );
});

function checkStep(run: RunDriver, before: RunState): void {
  run.graph.tasks.forEach((task, index) => {
    const [was, is] = [before.tasks[index]!, run.state.tasks[index]!];
    if (isTaskEnded(was.status)) expect(is.status).toBe(was.status);
    expect(is.epoch).toBeGreaterThanOrEqual(was.epoch);
    const hasBegun = is.epoch > 0;
    if (hasBegun)
      for (const up of task.upstream) expect(run.state.tasks[up]!.status).toBe('succeeded');
  });
  if (isRunEnded(before.status)) expect(run.state).toBe(before);
}

/** Whatever happened before, a world that answers brings every run to an end. */
function checkEnds(run: RunDriver): void {
  for (let round = 0; round < 60 && !isRunEnded(run.state.status); round += 1) {
    run.now = Math.max(run.now, wakeAt(run.state) ?? run.now);
    run.feed({ type: 'wake' });
    for (const { id } of run.graph.tasks) {
      if (run.task(id).status === 'ready') run.claim(id);
      if (run.task(id).status === 'running') run.finish(id);
    }
  }
  expect(isRunEnded(run.state.status)).toBe(true);
}
