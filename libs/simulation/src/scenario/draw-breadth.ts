/**
 * What only some worlds have: items, approvals, runs of runs, keys. Drawn apart from the rest, so that a world that has
 * none of it stays what it was.
 */
import type { Concurrency, Task, Workflow } from '@floe/workflow';
import { BREADTH_FAULTS, type ChanceFault } from '../faults/fault-kinds.ts';
import { diceFor, type Dice } from '../world/dice.ts';
import { isCalm } from './draw-scenario.ts';
import { drawWorkflow } from './draw-workflow.ts';
import type { Act, RunWish, Scenario } from './scenario.ts';

// The share of worlds that have any of it, and of those the share that have each.
const BROAD_SHARE = 0.25;
const KIND_SHARE = 0.4;
const FAULT_SHARE = 0.4;
// Of the tasks that an executor would run without an effect.
const TASK_SHARE = 0.5;
const ITEMS = [1, 4, 7, 12] as const;
const CHUNKS = [undefined, 1, 3, 8] as const;
const PARALLEL_MAX = 3;
const ASK_MS = [2_000, 15_000, 30_000] as const;
const ANSWERED_SHARE = 0.7;
const CONTRADICTED_SHARE = 0.5;
const APPROVED_SHARE = 0.7;
const ANSWER_WITHIN_MS = 9_000;
const CHILD_MS = [3_000, 20_000, 30_000] as const;
const CHILD_TASKS_MAX = 2;
const LIMIT_MAX = 2;
const AGAIN_WITHIN_MS = 3_000;

export function drawBreadth(scenario: Scenario): Scenario {
  const dice = diceFor(scenario.seed, 'breadth');
  if (!dice.chance(BROAD_SHARE)) return scenario;
  const kinds = {
    items: false,
    approvals: false,
    children: false,
    runKeys: false,
    taskKeys: false,
  };
  for (const kind of Object.keys(kinds) as (keyof typeof kinds)[])
    kinds[kind] = dice.chance(KIND_SHARE);
  const library: Workflow[] = [];
  let { wishes } = scenario;
  if (kinds.items) wishes = eachTask(wishes, dice, withItems);
  if (kinds.approvals)
    wishes = eachTask(wishes, dice, asApproval).map((wish) => answered(wish, dice));
  if (kinds.children) wishes = eachTask(wishes, dice, (task) => asParent(task, dice, library));
  if (kinds.taskKeys)
    wishes = eachTask(wishes, dice, withKey(drawKey(dice, 'lock', ['queue', 'skip'])));
  if (kinds.runKeys) wishes = withRunKey(wishes, dice);
  return {
    ...scenario,
    wishes,
    library,
    rates: { ...scenario.rates, ...drawFaults(scenario, dice) },
  };
}

function drawFaults(scenario: Scenario, dice: Dice): Scenario['rates'] {
  const rates: Partial<Record<ChanceFault, number>> = {};
  if (isCalm(scenario)) return rates;
  for (const [kind, rate] of Object.entries(BREADTH_FAULTS))
    if (dice.chance(FAULT_SHARE)) rates[kind as ChanceFault] = rate * (0.1 + 2.9 * dice.next());
  return rates;
}

type Change = (task: Task, dice: Dice) => Task;

/** Changes some of the tasks that are nothing special yet. */
function eachTask(wishes: readonly RunWish[], dice: Dice, change: Change): readonly RunWish[] {
  return wishes.map((wish) => {
    const tasks = wish.workflow.tasks.map((task) => {
      const isPlain = task.type === 'noop' && task.foreach === undefined;
      return isPlain && dice.chance(TASK_SHARE) ? change(task, dice) : task;
    });
    return { ...wish, workflow: { ...wish.workflow, tasks } };
  });
}

function withItems(task: Task, dice: Dice): Task {
  const count = dice.pick(ITEMS);
  const chunk = dice.pick(CHUNKS);
  const values = Array.from({ length: count }, (_, index) => {
    return { kind: 'string', value: `item ${index}` } as const;
  });
  const parallel = dice.int(1, PARALLEL_MAX);
  const source = { from: 'list', values } as const;
  const foreach = {
    source,
    type: 'string',
    parallel,
    ...(chunk !== undefined && { chunk }),
  } as const;
  return { ...task, foreach };
}

function asApproval(task: Task, dice: Dice): Task {
  const config = { on_timeout: dice.pick(['fail', 'skip', 'approve']) };
  return { ...task, type: 'approval', config, timeoutMs: dice.pick(ASK_MS) };
}

/** Some people answer, and some of them are contradicted. */
function answered(wish: RunWish, dice: Dice): RunWish {
  const acts: Act[] = [...wish.acts];
  for (const { id: taskId, type } of wish.workflow.tasks) {
    if (type !== 'approval' || !dice.chance(ANSWERED_SHARE)) continue;
    const at = wish.at + dice.int(0, ANSWER_WITHIN_MS);
    const approved = dice.chance(APPROVED_SHARE);
    acts.push({ type: 'answer', at, taskId, approved, by: 'first' });
    if (dice.chance(CONTRADICTED_SHARE))
      acts.push({ type: 'answer', at, taskId, approved: !approved, by: 'second' });
  }
  return { ...wish, acts };
}

function asParent(task: Task, dice: Dice, library: Workflow[]): Task {
  const name = `child-${library.length + 1}`;
  const child = drawWorkflow(dice, name);
  library.push({ ...child, tasks: child.tasks.slice(0, CHILD_TASKS_MAX) });
  const config = { workflow: name, on_close: dice.pick(['cancel', 'abandon']) };
  return { ...task, type: 'workflow', config, timeoutMs: dice.pick(CHILD_MS) };
}

function drawKey(
  dice: Dice,
  key: string,
  policies: readonly Concurrency['onConflict'][],
): Concurrency {
  return { key, limit: dice.int(1, LIMIT_MAX), onConflict: dice.pick(policies) };
}

function withKey(concurrency: Concurrency): Change {
  return (task) => ({ ...task, concurrency });
}

/** All runs share a key, and one more of them is wanted, so that there is always somebody to meet. */
function withRunKey(wishes: readonly RunWish[], dice: Dice): readonly RunWish[] {
  const concurrency = drawKey(dice, 'only', ['queue', 'cancel_previous', 'skip']);
  const [first] = wishes;
  const again = {
    ...first!,
    at: first!.at + dice.int(0, AGAIN_WITHIN_MS),
    requestId: `request-${wishes.length + 1}`,
    acts: [],
  };
  return [...wishes, again].map((wish) => {
    return { ...wish, workflow: { ...wish.workflow, concurrency } };
  });
}
