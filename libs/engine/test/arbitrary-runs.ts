import fc from 'fast-check';
import type { Input, RunGraph } from '../src/index.ts';
import { aGraph } from './run-driver.ts';

const TASKS_MAX = 6;

/** Graphs of a few tasks, each waiting for some of those before it. */
export const graphs: fc.Arbitrary<RunGraph> = fc
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

/** Inputs in any order: right ones, late ones, and ones that make no sense. */
export const inputs: fc.Arbitrary<Input> = fc.oneof(
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
