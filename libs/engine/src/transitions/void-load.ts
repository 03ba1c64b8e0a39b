/**
 * Loads whose executor fell silent are ruled out before their task is shown as ended.
 *
 *   V1. A task that commits once, and of which an attempt ended without a word of its executor, does not end otherwise
 *       than well before it is certain that nothing of it takes effect any more.
 *   V2. The certainty comes from an attempt of its own, under the task's next epoch: it marks the load as void in the
 *       target database. It is not charged; when it is lost or fails it is tried again.
 *   V3. From then on the end of the task is decided. Neither a cancel, a pause nor a timeout changes it or stops the
 *       attempt; only
 *   V4. a load that had taken effect before does: the task has succeeded, for that is what happened.
 *   V5. After VOID_WITHIN_MS the task ends as decided, and says that it is not known whether its load took effect.
 *   V6. While no executor has claimed that attempt, somebody else may do what it is to do, and say what was found.
 */
import type { Draft } from '../draft.ts';
import type { Outcome, Refusal } from '../input.ts';
import { allSucceeded } from '../items/item-results.ts';
import { LOSS_RETRY_DELAY_MS, VOID_WITHIN_MS } from '../limits.ts';
import type { Voiding } from '../state.ts';
import type { Failure } from '../failure.ts';

export const LOAD_UNCERTAIN = 'LOAD_UNCERTAIN';
export const UNCERTAIN_HINT =
  'Look into floe_load.load_commit of the target database: a load that is done there has taken effect.';

type Named = { readonly task: number; readonly epoch: number };
type RuledOut = Named & { readonly isVoid: boolean; readonly rows?: number };

/** An attempt of the task ended, and nobody who worked on it has said so. */
export function noteUnheard(draft: Draft, index: number): void {
  if (draft.graphTask(index).commitsOnce === true) draft.setTask(index, { isUnheard: true });
}

/** V1: ends a task otherwise than well, as soon as that is certain. */
export function endOrVoid(draft: Draft, index: number, ending: Omit<Voiding, 'until'>): void {
  const { end, failure } = ending;
  if (draft.task(index).isUnheard !== true) return draft.endTask(index, end, failure);
  draft.setTask(index, { voiding: { ...ending, until: draft.world.now + VOID_WITHIN_MS } });
  announceVoid(draft, index);
}

/** V2. Also in a run that is paused or being cancelled: it is what the end of the task waits for. */
function announceVoid(draft: Draft, index: number): void {
  const { epoch, attempts, voiding } = draft.task(index);
  draft.setTask(index, {
    status: 'ready',
    epoch: epoch + 1,
    readyAt: draft.world.now,
    nextAttemptAt: undefined,
    deadlineAt: voiding?.until,
  });
  draft.command({ type: 'dispatch', task: index, epoch: epoch + 1, number: attempts + 1 });
}

/** C1 */
export function claimVoid(draft: Draft, { task: index, epoch }: Named): Refusal | undefined {
  if (draft.task(index).status !== 'ready') return 'not_ready';
  draft.command({ type: 'attempt_claimed', task: index, epoch });
  draft.setTask(index, { status: 'running' });
  return undefined;
}

/** V6 */
export function ruleOut(
  draft: Draft,
  { task: index, epoch, ...found }: RuledOut,
): Refusal | undefined {
  const { status, voiding } = draft.task(index);
  if (voiding === undefined || status !== 'ready') return 'not_ready';
  finishVoid(draft, { task: index, epoch }, { kind: 'succeeded', ...found });
  return undefined;
}

export function finishVoid(draft: Draft, { task: index, epoch }: Named, outcome: Outcome): void {
  const attempt = { task: index, epoch };
  if (outcome.kind === 'succeeded') {
    draft.endAttempt(attempt, 'succeeded');
    return outcome.isVoid === true ? conclude(draft, index) : succeed(draft, index, outcome.rows);
  }
  const failure = 'failure' in outcome ? outcome.failure : undefined;
  draft.endAttempt(attempt, outcome.kind === 'failed' ? 'failed' : 'lost', failure);
  const isHopeless = outcome.kind === 'failed' && !outcome.retryable;
  if (isHopeless) return giveUpVoid(draft, index, failure);
  draft.setTask(index, {
    status: 'retrying',
    nextAttemptAt: draft.world.now + LOSS_RETRY_DELAY_MS,
  });
}

/** W1 */
export function wakeVoid(draft: Draft, index: number): void {
  const { status, epoch, voiding } = draft.task(index);
  if (voiding !== undefined && draft.world.now < voiding.until) return announceVoid(draft, index);
  // Whoever has the attempt goes on with it for a while: that it is void later is better than never.
  if (status !== 'retrying') draft.endAttempt({ task: index, epoch }, 'lost');
  giveUpVoid(draft, index);
}

/** V4 */
function succeed(draft: Draft, index: number, rows: number | undefined): void {
  const { items } = draft.task(index);
  const all = items === undefined ? {} : { items: allSucceeded(items) };
  draft.setTask(index, { ...FORGOTTEN, ...all, ...(rows !== undefined && { rows }) });
  draft.endTask(index, 'succeeded');
}

function conclude(draft: Draft, index: number, open?: Failure): void {
  const { voiding } = draft.task(index);
  draft.setTask(index, FORGOTTEN);
  if (voiding !== undefined) draft.endTask(index, voiding.end, open ?? voiding.failure);
}

/** V5 */
function giveUpVoid(draft: Draft, index: number, cause?: Failure): void {
  const { id: taskId } = draft.graphTask(index);
  const before = draft.task(index).voiding?.failure;
  const why = cause?.message ?? `nobody could ask within ${VOID_WITHIN_MS / 1_000} s`;
  const unknown = `it is not known whether task ${taskId} took effect in its target database: ${why}`;
  const message = before === undefined ? unknown : `${before.message}; ${unknown}`;
  const details = { ...before?.details, ...(before !== undefined && { cause: before.code }) };
  conclude(draft, index, { code: LOAD_UNCERTAIN, message, taskId, details, hint: UNCERTAIN_HINT });
}

const FORGOTTEN = { voiding: undefined, isUnheard: undefined } as const;
