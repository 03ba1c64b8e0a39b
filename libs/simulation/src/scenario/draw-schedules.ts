/**
 * Some worlds have schedules that several schedulers follow, and backfills of them. Drawn apart from the rest, as all that
 * came later. Before everything is mended the schedules are paused: else there would be no end.
 */
import type { Schedule } from '@floe/schedule';
import type { Workflow } from '@floe/workflow';
import { diceFor, type Dice } from '../world/dice.ts';
import type { BackfillWish, ScheduleWish, Scenario } from './scenario.ts';

const SCHEDULED_ONE_IN = 24;
// Enough to race; each of them looks several times a second.
const SCHEDULERS_MAX = 2;
const SCHEDULES_MAX = 2;
const EVERY_MS = [2_000, 3_000, 5_000] as const;
const JITTERS_MS = [0, 0, 700] as const;
const CATCH_UPS_MS = [0, 120_000] as const;
const OVERLAPS = ['skip', 'queue', 'cancel_previous', 'allow'] as const;
const DEFINED_WITHIN_MS = 1_000;
// An edit makes the schedule another one while it is followed.
const EDITED_SHARE = 0.4;
const BACKFILLED_SHARE = 0.5;
const BACKFILL_SLOTS_MAX = 5;
const ACTIVE_MAX = 2;
const ONLY_MISSING_SHARE = 0.7;
const CANCELLED_SHARE = 0.25;
const PAUSED_SHARE = 0.2;
const RUN_MS = 20_000;

export function drawSchedules(scenario: Scenario): Scenario {
  const dice = diceFor(scenario.seed, 'schedules');
  if (dice.int(1, SCHEDULED_ONE_IN) > 1) return scenario;
  const count = dice.int(1, SCHEDULES_MAX);
  const schedules = Array.from({ length: count }, (_, index) => {
    return drawSchedule(dice, index, scenario.healAt);
  });
  const backfills = schedules
    .filter(() => dice.chance(BACKFILLED_SHARE))
    .map((schedule, index) => drawBackfill(dice, schedule, index));
  const library = [...scenario.library, ...schedules.map(({ workflow }) => workflow)];
  // One run of a client is company enough.
  const wishes = scenario.wishes.slice(0, 1);
  const schedulers = Math.min(scenario.schedulers, SCHEDULERS_MAX);
  return { ...scenario, schedulers, schedules, backfills, library, wishes };
}

function drawSchedule(dice: Dice, index: number, healAt: number): ScheduleWish {
  const at = dice.int(0, DEFINED_WITHIN_MS);
  const first = drawDefinition(dice);
  const isEdited = dice.chance(EDITED_SHARE);
  const editedAt = dice.int(at, healAt);
  return {
    scheduleId: `scheduled-${index + 1}.often`,
    workflow: scheduledWorkflow(dice, `scheduled-${index + 1}`),
    definitions: [
      { at, definition: first },
      ...(isEdited
        ? [{ at: editedAt, definition: { ...drawDefinition(dice), overlap: first.overlap } }]
        : []),
    ],
    pausedAt: healAt,
  };
}

function drawDefinition(dice: Dice): Schedule {
  return {
    name: 'often',
    description: '',
    everyMs: dice.pick(EVERY_MS),
    timezone: 'UTC',
    overlap: dice.pick(OVERLAPS),
    catchupMs: dice.pick(CATCH_UPS_MS),
    jitterMs: dice.pick(JITTERS_MS),
    parameters: {},
    paused: false,
  };
}

/** One task: what is looked at is when it runs. */
function scheduledWorkflow(dice: Dice, name: string): Workflow {
  return {
    name,
    description: '',
    params: {},
    timeoutMs: RUN_MS,
    tasks: [
      {
        id: 't1',
        type: 'noop',
        description: '',
        inputs: [],
        needs: [],
        config: {},
        retries: { max: dice.int(0, 1), delayMs: 100, backoff: 1, maxDelayMs: 1_000, jitter: 0 },
        timeoutMs: RUN_MS,
        queueTimeoutMs: RUN_MS,
        pool: 'default',
        priority: 0,
        trigger: 'all_succeeded',
      },
    ],
  };
}

/** Of slots that the schedule has had, and of some before. */
function drawBackfill(dice: Dice, schedule: ScheduleWish, index: number): BackfillWish {
  const [{ definition }] = schedule.definitions as [ScheduleWish['definitions'][number]];
  const at = dice.int(DEFINED_WITHIN_MS, schedule.pausedAt);
  const everyMs = definition.everyMs ?? EVERY_MS[0];
  const cancelsAt = dice.chance(CANCELLED_SHARE) ? at + dice.int(0, 3_000) : undefined;
  const pausesAt = dice.chance(PAUSED_SHARE) ? at + dice.int(0, 2_000) : undefined;
  return {
    at,
    backfillId: `backfill-${index + 1}`,
    scheduleId: schedule.scheduleId,
    workflowName: schedule.workflow.name,
    definition,
    reachesBackMs: everyMs * dice.int(1, BACKFILL_SLOTS_MAX),
    onlyMissing: dice.chance(ONLY_MISSING_SHARE),
    maxActive: dice.int(1, ACTIVE_MAX),
    ...(cancelsAt !== undefined && { cancelsAt }),
    ...(pausesAt !== undefined && { pausesAt, resumesAt: pausesAt + dice.int(500, 5_000) }),
  };
}
