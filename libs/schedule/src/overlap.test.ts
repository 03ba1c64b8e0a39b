import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideOverlap } from './overlap.ts';
import { OVERLAP_POLICIES } from './schedule.ts';

const decide = (policy: (typeof OVERLAP_POLICIES)[number], due: number[], activeRuns: string[]) =>
  decideOverlap(policy, due, { activeRuns, queueMax: 3 });

const kinds = (...args: Parameters<typeof decide>) => decide(...args).slots.map(({ kind }) => kind);

test('allow fires all', () => {
  expect(kinds('allow', [1, 2], ['r'])).toEqual(['fire', 'fire']);
});

test('skip fires the first when nothing goes on, and says why it skips', () => {
  expect(kinds('skip', [1, 2], [])).toEqual(['fire', 'skip']);
  expect(decide('skip', [1], ['r']).slots).toEqual([
    { slot: 1, kind: 'skip', reason: 'run r was going on' },
  ]);
});

test('queue keeps the rest waiting, up to its bound', () => {
  expect(kinds('queue', [1, 2, 3, 4], [])).toEqual(['fire', 'wait', 'wait', 'skip']);
  expect(kinds('queue', [1, 2], ['r'])).toEqual(['wait', 'wait']);
});

test('cancel_previous keeps the newest, and cancels what is in its way', () => {
  expect(decide('cancel_previous', [1, 2], ['r'])).toMatchObject({
    slots: [{ kind: 'skip' }, { kind: 'wait' }],
    cancel: ['r'],
  });
  expect(kinds('cancel_previous', [1, 2], [])).toEqual(['skip', 'fire']);
  expect(decide('cancel_previous', [], ['r']).cancel).toEqual([]);
});

test('except with allow at most one run goes on, and no slot is dropped (O2, O3)', () => {
  const due = fc
    .uniqueArray(fc.nat(1_000), { maxLength: 20 })
    .map((slots) => slots.toSorted((a, b) => a - b));
  const runs = fc.array(fc.string(), { maxLength: 3 });
  fc.assert(
    fc.property(fc.constantFrom(...OVERLAP_POLICIES), due, runs, (policy, slots, activeRuns) => {
      const decision = decideOverlap(policy, slots, { activeRuns, queueMax: 5 });
      expect(decision.slots.map(({ slot }) => slot)).toEqual(slots);
      if (policy === 'allow') return;
      const fired = decision.slots.filter(({ kind }) => kind === 'fire').length;
      expect(fired + activeRuns.length).toBeLessThanOrEqual(Math.max(1, activeRuns.length));
    }),
  );
});
