import { expect, test } from 'vitest';
import type { Executor, ExecutorState } from '@floe/client';
import { sumSlots } from './sum-slots.ts';

function executorIn(state: ExecutorState, busySlots: number): Executor {
  const address = '127.0.0.1:7100';
  const known = { executorId: state, address, pool: 'default', labels: [], version: '1' };
  return { ...known, slots: 4, busySlots, state };
}

test('sumSlots counts only executors that take attempts', () => {
  const executors = [
    executorIn('EXECUTOR_STATE_ACTIVE', 3),
    executorIn('EXECUTOR_STATE_LOST', 4),
    executorIn('EXECUTOR_STATE_ACTIVE', 1),
  ];
  expect(sumSlots(executors)).toEqual({ active: 2, slots: 8, busy: 4 });
});
