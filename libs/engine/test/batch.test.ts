// Hunts the bug where inputs decided together come out otherwise than one by one, or where a count drifts.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decide,
  isRunEnded,
  newRunState,
  openDraft,
  reviveRunState,
  type Command,
  type RunGraph,
  type RunState,
} from '../src/index.ts';
import { graphs, inputs } from './arbitrary-runs.ts';
import { aGraph, RUN_TIMEOUT_MS } from './run-driver.ts';

const STEP_MS = 700;

test('decides a batch as it decides its inputs one by one (B1)', () => {
  fc.assert(
    fc.property(graphs, fc.array(inputs, { maxLength: 60, size: 'max' }), (graph, sequence) => {
      const all = [{ type: 'start' as const }, ...sequence];
      const before = newRunState(graph, { now: 0, timeoutMs: RUN_TIMEOUT_MS });
      let state = before;
      const commands: Command[] = [];
      const draft = openDraft(graph, before);
      const batched: Command[] = [];
      for (const [index, input] of all.entries()) {
        const world = { now: index * STEP_MS, random: 0.5 };
        const decision = decide(graph, state, input, world);
        const applied = draft.apply(input, world);
        expect(applied.kind).toBe(decision.kind);
        if (decision.kind === 'changed') commands.push(...decision.commands);
        if (decision.kind === 'changed') state = decision.state;
        if (applied.kind === 'changed') batched.push(...applied.commands);
      }
      expect(draft.finish().state).toEqual(state);
      expect(batched).toEqual(commands);
    }),
    { numRuns: 300 },
  );
});

test('keeps counts and the next wake as if it had looked at every task (B2, W2)', () => {
  fc.assert(
    fc.property(graphs, fc.array(inputs, { maxLength: 60, size: 'max' }), (graph, sequence) => {
      let state = newRunState(graph, { now: 0, timeoutMs: RUN_TIMEOUT_MS });
      for (const [index, input] of [{ type: 'start' as const }, ...sequence].entries()) {
        const decision = decide(graph, state, input, { now: index * STEP_MS, random: 0 });
        if (decision.kind === 'changed') state = decision.state;
        const looked = revived(graph, state);
        expect(state.counts).toEqual(looked.counts);
        expect(state.tasks).toEqual(looked.tasks);
        if (isRunEnded(state.status)) expect(state.wakeAt).toBeUndefined();
        else expect(state.wakeAt).toBeLessThanOrEqual(looked.wakeAt!);
      }
    }),
    { numRuns: 300 },
  );
});

test('names the tasks of which something is to be stored, and no others (B3)', () => {
  const graph = aGraph({ a: [], b: [], join: ['a', 'b'] });
  const draft = openDraft(graph, newRunState(graph, { now: 0, timeoutMs: RUN_TIMEOUT_MS }));
  const world = { now: 0, random: 0 };
  draft.apply({ type: 'start' }, world);
  draft.apply({ type: 'claim', task: 0, epoch: 1 }, world);
  draft.apply({ type: 'finish', task: 0, epoch: 1, outcome: { kind: 'succeeded' } }, world);
  expect(draft.head().counts).toMatchObject({ succeeded: 1, ready: 1, pending: 1 });
  expect(draft.finish().tasks).toEqual([0, 1]);
});

test('refuses a wake before anything is due, without a look at the tasks (W2)', () => {
  const graph = aGraph({ a: [] });
  const state = newRunState(graph, { now: 0, timeoutMs: RUN_TIMEOUT_MS });
  const early = decide(graph, state, { type: 'wake' }, { now: RUN_TIMEOUT_MS - 1, random: 0 });
  expect(early).toEqual({ kind: 'refused', refusal: 'not_due' });
});

test('decides a fan-out of 10,000 tasks in batches without a walk over all of them for each (B2)', () => {
  const count = 10_000;
  const ids = Array.from({ length: count }, (_, index) => `t${index}`);
  const graph = fanOut(ids);
  let state = newRunState(graph, { now: 0, timeoutMs: RUN_TIMEOUT_MS });
  const started = decide(graph, state, { type: 'start' }, { now: 0, random: 0 });
  if (started.kind === 'changed') state = started.state;
  const begun = performance.now();
  for (let first = 1; first <= count; first += 500) {
    const draft = openDraft(graph, state);
    for (let task = first; task < first + 500; task += 1) {
      const world = { now: 1, random: 0 };
      draft.apply({ type: 'claim', task, epoch: 1 }, world);
      draft.apply({ type: 'finish', task, epoch: 1, outcome: { kind: 'succeeded' } }, world);
    }
    state = draft.finish().state;
  }
  expect(state.counts.succeeded).toBe(count);
  expect(state.counts.ready).toBe(1);
  // A walk over all tasks for each input is 200 million steps, which take seconds.
  expect(performance.now() - begun).toBeLessThan(1_000);
});

/** All of them ready at once, and one task at index 0 that waits for them all. */
function fanOut(ids: readonly string[]): RunGraph {
  const all = ids.map((_, index) => index + 1);
  const { upstream: _, downstream: __, id: ___, ...rest } = aGraph({ any: [] }).tasks[0]!;
  const join = { ...rest, id: 'join', upstream: all, downstream: [] };
  return {
    tasks: [join, ...ids.map((id) => ({ ...rest, id, upstream: [], downstream: [0] }))],
  };
}

function revived(graph: RunGraph, state: RunState): RunState {
  const { tasks, counts: _, wakeAt: __, ...run } = state;
  return reviveRunState(graph, run, tasks);
}
