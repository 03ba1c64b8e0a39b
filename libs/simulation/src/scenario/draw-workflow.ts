import type { Task, Trigger, Workflow } from '@floe/workflow';
import type { Dice } from '../world/dice.ts';

const TASKS_MAX = 5;
// Loads are what must happen once, so there are many.
const LOAD_SHARE = 0.4;
// The usual one, and now and then each of the others.
const TRIGGER_MIX: readonly Trigger[] = [
  ...Array<Trigger>(8).fill('all_succeeded'),
  'all_done',
  'one_failed',
  'one_succeeded',
  'none_failed',
];

type Shape = 'chain' | 'fan' | 'any';

/** A workflow of a few tasks: a chain, a fan, or any graph. */
export function drawWorkflow(dice: Dice, name: string): Workflow {
  const shape = dice.pick<Shape>(['chain', 'fan', 'any', 'any']);
  const count = dice.int(1, TASKS_MAX);
  const tasks: Task[] = [];
  for (let index = 0; index < count; index += 1) {
    tasks.push(drawTask(dice, index, upstreamOf(dice, shape, index)));
  }
  return {
    name,
    description: '',
    params: {},
    timeoutMs: dice.pick([8_000, 40_000, 40_000]),
    tasks,
  } as Workflow;
}

function upstreamOf(dice: Dice, shape: Shape, index: number): number[] {
  if (index === 0) return [];
  if (shape === 'chain') return [index - 1];
  if (shape === 'fan') return [0];
  const earlier = Array.from({ length: index }, (_, each) => each);
  return earlier.filter(() => dice.chance(0.4));
}

/** Few tasks are bounded over all of their attempts. */
function drawTotal(dice: Dice): { readonly totalTimeoutMs?: number } {
  return dice.chance(0.1) ? { totalTimeoutMs: dice.pick([2_000, 20_000]) } : {};
}

function drawTask(dice: Dice, index: number, upstream: readonly number[]): Task {
  return {
    id: `t${index + 1}`,
    type: dice.chance(LOAD_SHARE) ? 'postgres_load' : 'noop',
    description: '',
    inputs: [],
    needs: upstream.map((each) => `t${each + 1}`),
    config: {},
    retries: {
      max: dice.int(0, 3),
      delayMs: dice.pick([0, 100, 1_000]),
      backoff: dice.pick([1, 2]),
      maxDelayMs: 5_000,
      jitter: dice.pick([0, 0.5]),
    },
    timeoutMs: dice.pick([1_500, 30_000, 30_000, 30_000]),
    queueTimeoutMs: dice.pick([3_000, 30_000, 30_000]),
    ...drawTotal(dice),
    pool: 'default',
    priority: dice.int(0, 9),
    trigger: upstream.length > 0 ? dice.pick(TRIGGER_MIX) : 'all_succeeded',
  } as Task;
}
