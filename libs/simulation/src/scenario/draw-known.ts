/**
 * Worlds in which tasks keep their results for later runs. Several runs do equal or nearly equal work, at once and one after
 * the other, and what they made is cleared away under them. Drawn apart from the rest, so that a world that has none of it
 * stays what it was.
 */
import type { Task, Workflow } from '@floe/workflow';
import { diceFor, type Dice } from '../world/dice.ts';
import { isCalm } from './draw-scenario.ts';
import { asTransform } from './draw-stages.ts';
import type { PlannedStrike, RunWish, Scenario } from './scenario.ts';

const KNOWN_SHARE = 0.15;
const TASK_SHARE = 0.7;
// Of the tasks that would only wait for those before them.
const READING_SHARE = 0.6;
// Few, so that different runs have tasks that differ in nothing else.
const TEXTS = ['a', 'b'] as const;
const TTLS_MS = [undefined, 1_500, 6_000] as const;
const AGAIN_MAX = 2;
const AGAIN_WITHIN_MS = [0, 2_000, 8_000] as const;
const COLLECTED_SHARE = 0.6;

export function drawKnown(scenario: Scenario): Scenario {
  const dice = diceFor(scenario.seed, 'known');
  if (!dice.chance(KNOWN_SHARE)) return scenario;
  // Several wishes may be for one workflow.
  const known = new Map<string, Workflow>();
  const wishes = scenario.wishes.map((wish) => {
    const { name } = wish.workflow;
    const workflow = known.get(name) ?? keepingSome(wish.workflow, dice);
    known.set(name, workflow);
    return { ...wish, workflow };
  });
  const again = Array.from({ length: dice.int(1, AGAIN_MAX) }, (_, index) => {
    return askedAgain(dice.pick(wishes), dice, wishes.length + index + 1);
  });
  const isCollected = !isCalm(scenario) && dice.chance(COLLECTED_SHARE);
  const planned = isCollected
    ? [...scenario.planned, drawCollection(scenario, dice)]
    : scenario.planned;
  return { ...scenario, wishes: [...wishes, ...again], planned };
}

function keepingSome(workflow: Workflow, dice: Dice): Workflow {
  return { ...workflow, tasks: workflow.tasks.map((task) => keeping(task, dice)) };
}

/** Each task that makes a dataset has a text; most of them are kept. */
function keeping(task: Task, dice: Dice): Task {
  if (!makesDataset(task)) return task;
  const config = { ...task.config, text: dice.pick(TEXTS) };
  const reads = dice.chance(READING_SHARE) && hasAllBefore(task);
  const reading = reads ? asTransform(task) : task;
  if (!dice.chance(TASK_SHARE)) return { ...reading, config };
  const ttlMs = dice.pick(TTLS_MS);
  return { ...reading, config, cache: ttlMs === undefined ? {} : { ttlMs } };
}

function makesDataset(task: Task): boolean {
  const { type, foreach, partitions, inputs } = task;
  const isPlain = foreach === undefined && partitions === undefined;
  const isReady = inputs.length === 0 || hasAllBefore(task);
  return isPlain && isReady && (type === 'noop' || type === 'expression_transform');
}

/** No document has inputs with another trigger: the task might begin without them. */
function hasAllBefore({ trigger }: Task): boolean {
  return trigger === 'all_succeeded';
}

function askedAgain(wish: RunWish, dice: Dice, number: number): RunWish {
  const at = wish.at + dice.int(0, dice.pick(AGAIN_WITHIN_MS));
  return { ...wish, at, requestId: `request-${number}`, acts: [] };
}

function drawCollection({ healAt }: Scenario, dice: Dice): PlannedStrike {
  return { kind: 'datasets-collected', at: dice.int(0, healAt), forMs: 1, which: 0 };
}
