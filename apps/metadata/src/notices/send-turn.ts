/**
 * One turn: the next messages of one destination.
 *
 *   S1. What a message holds is stored, and the destination claimed, before anything leaves; after it the outcome is stored.
 *       A kill in between makes the next turn send the same message, with the same id.
 *   S2. A destination that is away is left alone for longer and longer; what waits is kept for a day.
 *   S3. A message that its receiver refuses is marked as failed with the reason, and holds up no other.
 *   S4. A mail that some recipients took is sent to those that did not, and to nobody again.
 */
import type { Outcome } from '@floe/delivery';
import {
  composeMessage,
  isGivenUp,
  nextRoomAt,
  NOTICES_PER_MESSAGE,
  pauseMs,
  paceAfter,
  planMessages,
  type Channel,
  type Message,
  type Pace,
} from '@floe/notification';
import {
  beginMessages,
  claimDestination,
  lockDestination,
  readPending,
  releaseDestination,
  settleNotices,
  type Destination,
  type PendingNotice,
} from '../store/notices/destinations.ts';
import type { Channels, NoticeContext } from './context.ts';
import { deliver } from './deliver.ts';
import { MESSAGES_PER_TURN } from './limits.ts';

type Outgoing = { readonly message: Message; readonly notices: readonly PendingNotice[] };
type Turn = {
  readonly destination: Destination;
  readonly claim: string;
  readonly outgoing: readonly Outgoing[];
};

/** Sends to the destination whose turn it is. False when nothing waits anywhere. */
export async function sendTurn(context: NoticeContext, channels: Channels): Promise<boolean> {
  const turn = await beginTurn(context);
  if (turn === undefined) return false;
  const { destination, claim } = turn;
  let pace: Pace = destination;
  let failureCount = destination.failureCount;
  let nextAt: number | undefined;
  for (const outgoing of turn.outgoing) {
    const outcome = await deliver(outgoing.message, channelOf(outgoing), channels);
    await settle(context, outgoing, outcome);
    const now = Date.now();
    if (outcome.kind === 'unavailable') {
      failureCount += 1;
      nextAt = now + pauseMs(failureCount, context.random());
      break;
    }
    failureCount = 0;
    pace = paceAfter(pace, outgoing.notices.length, now);
  }
  nextAt ??= nextRoomAt(pace, Date.now());
  const { destination: name } = destination;
  await releaseDestination(context.db, { destination: name, claim, nextAt, failureCount, pace });
  return true;
}

/** S1 */
function beginTurn({ db, newId }: NoticeContext): Promise<Turn | undefined> {
  return db.transaction().execute(async (tx) => {
    const destination = await lockDestination(tx);
    if (destination === undefined) return undefined;
    const pending = await readPending(tx, destination.destination, NOTICES_PER_MESSAGE);
    const planned = planMessages(pending, destination, { now: destination.now, newId });
    const messages = planned.slice(0, MESSAGES_PER_TURN);
    const claim = newId();
    await beginMessages(tx, messages);
    await claimDestination(tx, destination.destination, claim);
    const byId = new Map(pending.map((notice) => [notice.noticeId, notice]));
    const outgoing = messages.map(({ messageId, noticeIds }) => {
      const notices = noticeIds.map((id) => byId.get(id)!);
      return { message: composeMessage(messageId, notices), notices };
    });
    return { destination, claim, outgoing };
  });
}

/** All notices of a destination have the same channel, and those of a message owe it to the same people (S4). */
function channelOf({ notices }: Outgoing): Channel {
  const { rule, owedTo } = notices[0]!;
  const { channel } = rule;
  return channel.kind === 'email' && owedTo !== undefined ? { ...channel, to: owedTo } : channel;
}

async function settle(
  { db, log }: NoticeContext,
  { message, notices }: Outgoing,
  outcome: Outcome,
): Promise<void> {
  const ids = (chosen: readonly PendingNotice[]) => chosen.map(({ noticeId }) => noticeId);
  const told = { message_id: message.id, count: notices.length, event: message.body.event };
  if (outcome.kind === 'delivered') {
    const { problem = '' } = outcome;
    await settleNotices(db, { noticeIds: ids(notices), state: 'sent', problem });
    if (problem === '') log.info(told, 'a notice was sent');
    else log.warn({ ...told, problem }, `a notice was not sent to all: ${problem}`);
    return;
  }
  const { problem } = outcome;
  log.warn({ ...told, problem }, `a notice was not sent: ${problem}`);
  const now = Date.now();
  // S3; a message is given up as a whole, so that a try that is still to come holds what the one before did.
  const isOver =
    outcome.kind === 'refused' || notices.every(({ createdAt }) => isGivenUp(createdAt, now));
  const state = isOver ? 'failed' : 'pending';
  const owedTo = outcome.kind === 'unavailable' ? outcome.owedTo : undefined;
  await settleNotices(db, { noticeIds: ids(notices), state, problem, owedTo });
}
