import type { Draft } from '../draft.ts';
import { isPartitioned } from '../items/item-source.ts';
import { continueItems } from '../items/offer-items.ts';
import {
  holdFollowers,
  missingParts,
  openParts,
  resetFollowers,
  sumRows,
} from '../items/remake-parts.ts';
import { RECOMPUTES_MAX } from '../limits.ts';
import type { Failure } from '../failure.ts';
import { isTaskEnded } from '../status.ts';
import { announce } from './announce.ts';
import { beginTask } from './begin-task.ts';
import { isInputInTheMaking } from './input-in-the-making.ts';

/** A dataset that is gone; or some of its parts, where it is known which. */
export type Missing = { readonly task: number; readonly parts?: readonly number[] | undefined };

/** How an attempt ended that may have found nothing, and for which items it was. */
type Miss = { readonly failure: Failure; readonly items?: string };

/** What is to be done about a failure, as far as a missing dataset is concerned. */
export type MissingVerdict =
  /** Nothing is missing, or it is not known what. */
  | { readonly kind: 'none' }
  /** M1: the task that made it does it again. */
  | ({ readonly kind: 'recall' } & Missing)
  /** M3: there is a newer one than the attempt was given. */
  | { readonly kind: 'renewed' }
  /** M4: it cannot be made again, in words. */
  | { readonly kind: 'hopeless'; readonly failure: Failure };

/** M1, M3, M4: whose dataset an attempt misses, and whether it can be made again. */
export function judgeMissing(draft: Draft, index: number, miss: Miss): MissingVerdict {
  const { failure, items } = miss;
  const task = missingInput(draft, index, failure);
  if (task === undefined || draft.run.status === 'cancelling') return { kind: 'none' };
  const { status, generation = 1, endedAt } = draft.task(task);
  const parts = missingParts(draft, { reader: index, input: task, items }, failure);
  const isRecalled = generation > 1 && !isTaskEnded(status);
  if (isRecalled) return { kind: 'recall', task, parts };
  if (status !== 'succeeded') return { kind: 'none' };
  const { readyAt } = draft.task(index);
  const isNewer = generation > 1 && endedAt !== undefined && readyAt !== undefined;
  if (isNewer && endedAt > readyAt) return { kind: 'renewed' };
  const why = whyHopeless(draft, index, task);
  if (why === undefined) return { kind: 'recall', task, parts };
  return { kind: 'hopeless', failure: { ...failure, message: `${failure.message}; ${why}` } };
}

/** M2: the task waits for its input, which is recalled unless it has been already. The attempt is not charged. */
export function awaitInput(
  draft: Draft,
  index: number,
  { missing, failure }: { readonly missing: Missing; readonly failure: Failure },
): void {
  const { attempts } = draft.task(index);
  draft.setTask(index, {
    status: 'pending',
    attempts: attempts - 1,
    failure,
    deadlineAt: undefined,
    awaitsBegin: undefined,
  });
  recall(draft, missing);
}

/** M1: a task that has succeeded is done again, as far as it has to be (N7). One that was recalled already goes on. */
export function recall(draft: Draft, { task: index, parts }: Missing): void {
  const { status } = draft.task(index);
  const items = openParts(draft, index, parts);
  const kept = items && { items, rows: sumRows(items.partRows) };
  if (status !== 'succeeded') {
    if (kept === undefined) return;
    draft.setTask(index, kept);
    if (status !== 'pending') continueItems(draft, index);
    return;
  }
  draft.recallTask(index, kept);
  holdFollowers(draft, index);
  if (kept === undefined) resetFollowers(draft, index, MADE_ANEW);
  if (!isInputInTheMaking(draft, index)) beginTask(draft, index);
}

const MADE_ANEW: Failure = {
  code: 'DATASET_MISSING',
  message: 'the parts that it goes on from are all made again',
};

/** M3: like an attempt that was handed back. */
export function tryAgain(draft: Draft, index: number): void {
  const { attempts } = draft.task(index);
  draft.setTask(index, { attempts: attempts - 1 });
  announce(draft, index);
}

function missingInput(draft: Draft, index: number, { code, details }: Failure): number | undefined {
  if (code !== 'DATASET_MISSING') return undefined;
  const taskId = details?.['task'];
  return draft.graphTask(index).upstream.find((up) => draft.graphTask(up).id === taskId);
}

/** M4 */
function whyHopeless(draft: Draft, index: number, input: number): string | undefined {
  const { id, work } = draft.graphTask(input);
  const isRepeatable = work.kind === 'attempts' && work.isRepeatable === true;
  if (!isRepeatable && !isPartitioned(draft.graph, input)) {
    return `task ${id} is not done again by itself, because it does more than to make rows`;
  }
  const reader = draft.graphTask(index).work;
  if (reader.kind === 'items' && reader.source.from === 'rows' && reader.source.task === input) {
    return `they are what ${draft.graphTask(index).id} goes through, and other rows would be other items`;
  }
  const { generation = 1 } = draft.task(input);
  if (generation <= RECOMPUTES_MAX) return undefined;
  return `they were made again ${RECOMPUTES_MAX} times and went missing each time`;
}
