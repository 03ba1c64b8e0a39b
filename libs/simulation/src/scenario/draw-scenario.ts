/**
 * A swarm: every seed is another kind of world. Most faults are off in most worlds, so that each also meets the system
 * where nothing else hides what it does.
 */
import {
  CHANCE_FAULTS,
  PLANNED_FAULTS,
  type ChanceFault,
  type PlannedFault,
} from '../faults/fault-kinds.ts';
import { diceFor, type Dice } from '../world/dice.ts';
import { drawWorkflow } from './draw-workflow.ts';
import type { Act, ExecutorSpec, PlannedStrike, RunWish, Scenario } from './scenario.ts';

// Small worlds: what breaks in a large one nearly always breaks in a small one too, and a thousand small ones are cheap.
const SCHEDULERS_MAX = 3;
const EXECUTORS_MAX = 3;
const RUNS_MAX = 3;
// Clients begin early, faults come while runs are under way, and then everything heals.
const WISHES_WITHIN_MS = 4_000;
const HEAL_AT_MS = [3_000, 12_000] as const;
// The share of worlds in which a kind of fault exists.
const KIND_SHARE = 0.3;
// One world in so many has no faults at all: what fails there is no fault's doing.
const CALM_ONE_IN = 12;
// One world in so many is made for zombies: long work goes on, or comes back, after its lease is gone.
const ZOMBIE_ONE_IN = 6;
const ZOMBIE = {
  faults: ['pause-supervisor', 'pause-executor', 'cut-node'],
  atMs: [1_000, 3_000],
  forMs: [8_000, 20_000],
  healAtMs: [10_000, 13_000],
  longShare: 0.8,
} as const;
// Most worlds have short work; in some nearly all of it outlives a lease.
const LONG_SHARES = [0, 0, 0.05, 0.3] as const;
const CANCEL_SHARE = 0.3;
const ACT_WITHIN_MS = [500, 4_000, 12_000] as const;
// A soft cancel waits for running attempts; most cancels do not.
const GRACES_MS = [undefined, undefined, 500, 8_000] as const;
const PAUSE_SHARE = 0.15;
// A pause that nobody ends is ended by the timeout of the run.
const FORGOTTEN_SHARE = 0.1;
const ASKED_TWICE_SHARE = 0.2;
// A pause or a cut is as long as a hiccup, a lease, or much longer.
const STRIKE_MS = [300, 3_000, 9_000, 20_000, 20_000] as const;

/** Nothing goes wrong in it. */
export function isCalm({ rates, planned }: Scenario): boolean {
  return planned.length === 0 && Object.keys(rates).length === 0;
}

export function drawScenario(seed: number): Scenario {
  const dice = diceFor(seed, 'scenario');
  const isBroken = dice.int(1, CALM_ONE_IN) > 1;
  const isZombie = isBroken && dice.int(1, ZOMBIE_ONE_IN) === 1;
  const [earliest, latest] = isZombie ? ZOMBIE.healAtMs : HEAL_AT_MS;
  const healAt = dice.int(earliest, latest);
  const planned = isBroken ? drawPlanned(dice, healAt) : [];
  return {
    seed,
    schedulers: dice.int(1, SCHEDULERS_MAX),
    executors: Array.from({ length: dice.int(1, EXECUTORS_MAX) }, () => drawExecutor(dice)),
    wishes: Array.from({ length: dice.int(1, RUNS_MAX) }, (_, index) => drawWish(dice, index)),
    library: [],
    schedules: [],
    backfills: [],
    longShare: isZombie ? ZOMBIE.longShare : dice.pick(LONG_SHARES),
    rates: isBroken ? drawRates(dice) : {},
    planned: isZombie ? [...planned, drawZombie(dice)] : planned,
    healAt,
  };
}

function drawExecutor(dice: Dice): ExecutorSpec {
  return { slots: dice.int(1, 2), light: dice.int(1, 4) };
}

function drawWish(dice: Dice, index: number): RunWish {
  const at = dice.int(0, WISHES_WITHIN_MS);
  return {
    at,
    workflow: drawWorkflow(dice, `workflow-${index + 1}`),
    requestId: `request-${index + 1}`,
    isAskedTwice: dice.chance(ASKED_TWICE_SHARE),
    acts: [...drawCancel(dice, at), ...drawPause(dice, at)],
  };
}

function drawCancel(dice: Dice, from: number): Act[] {
  if (!dice.chance(CANCEL_SHARE)) return [];
  const at = from + dice.int(0, dice.pick(ACT_WITHIN_MS));
  return [{ type: 'cancel', at, graceMs: dice.pick(GRACES_MS) }];
}

function drawPause(dice: Dice, from: number): Act[] {
  if (!dice.chance(PAUSE_SHARE)) return [];
  const at = from + dice.int(0, dice.pick(ACT_WITHIN_MS));
  const pause: Act = { type: 'pause', at };
  if (dice.chance(FORGOTTEN_SHARE)) return [pause];
  return [pause, { type: 'resume', at: at + dice.int(0, dice.pick(ACT_WITHIN_MS)) }];
}

function drawRates(dice: Dice): Scenario['rates'] {
  const rates: Partial<Record<ChanceFault, number>> = {};
  for (const [kind, rate] of Object.entries(CHANCE_FAULTS)) {
    // From a tenth of the rate to three times of it.
    if (dice.chance(KIND_SHARE)) rates[kind as ChanceFault] = rate * (0.1 + 2.9 * dice.next());
  }
  return rates;
}

function drawPlanned(dice: Dice, healAt: number): PlannedStrike[] {
  const strikes: PlannedStrike[] = [];
  for (const [kind, most] of Object.entries(PLANNED_FAULTS)) {
    if (!dice.chance(KIND_SHARE)) continue;
    for (let count = dice.int(1, most); count > 0; count -= 1) {
      strikes.push({
        kind: kind as PlannedFault,
        at: dice.int(0, healAt),
        forMs: dice.int(50, dice.pick(STRIKE_MS)),
        which: dice.int(0, 1_000),
      });
    }
  }
  return strikes;
}

function drawZombie(dice: Dice): PlannedStrike {
  return {
    kind: dice.pick(ZOMBIE.faults),
    at: dice.int(...ZOMBIE.atMs),
    forMs: dice.int(...ZOMBIE.forMs),
    which: dice.int(0, 1_000),
  };
}
