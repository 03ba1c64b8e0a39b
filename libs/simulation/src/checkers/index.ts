import { absorbingEnds } from './absorbing-ends.ts';
import { answersAreAskedFor } from './answers-are-asked-for.ts';
import { backfillsFill } from './backfills-fill.ts';
import { boundedTrying } from './bounded-trying.ts';
import { calmIsCalm } from './calm-is-calm.ts';
import { childrenFollow } from './children-follow.ts';
import type { Checker } from './checker.ts';
import { deadlines } from './deadlines.ts';
import { durableAdmission } from './durable-admission.ts';
import { exactlyOnceLoad } from './exactly-once-load.ts';
import { honestOutcome, type HonestEvidence } from './honest-outcome.ts';
import { idempotentAdmission } from './idempotent-admission.ts';
import { itemsOnce } from './items-once.ts';
import { keptOnRetry } from './kept-on-retry.ts';
import { keyedLimit } from './keyed-limit.ts';
import { knownResults } from './known-results.ts';
import { leasesAreTold } from './leases-are-told.ts';
import { leasesAreWanted } from './leases-are-wanted.ts';
import { liveness } from './liveness.ts';
import { lostWorkStops } from './lost-work-stops.ts';
import { noOrphan } from './no-orphan.ts';
import { oneAnswer } from './one-answer.ts';
import { oneHolder } from './one-holder.ts';
import { oneSnapshot } from './one-snapshot.ts';
import { order } from './order.ts';
import { outboxLeaves } from './outbox-leaves.ts';
import { promptStart } from './prompt-start.ts';
import { rightOutcome } from './right-outcome.ts';
import { roomOnce } from './room-once.ts';
import { slotsOnce } from './slots-once.ts';
import { stalledWorkEnds } from './stalled-work-ends.ts';
import { trueCancel } from './true-cancel.ts';
import { truthOfState } from './truth-of-state.ts';

const MAKERS = [
  durableAdmission,
  idempotentAdmission,
  oneHolder,
  rightOutcome,
  leasesAreTold,
  leasesAreWanted,
  answersAreAskedFor,
  roomOnce,
  honestOutcome,
  exactlyOnceLoad,
  absorbingEnds,
  trueCancel,
  boundedTrying,
  order,
  deadlines,
  liveness,
  noOrphan,
  lostWorkStops,
  truthOfState,
  outboxLeaves,
  promptStart,
  calmIsCalm,
  itemsOnce,
  oneSnapshot,
  oneAnswer,
  childrenFollow,
  keyedLimit,
  knownResults,
  keptOnRetry,
  stalledWorkEnds,
  slotsOnce,
  backfillsFill,
];

/** All of them: one for each promise that can be broken in its own way. */
export function makeCheckers(evidence: HonestEvidence): readonly Checker[] {
  return MAKERS.map((make) => make(evidence));
}
