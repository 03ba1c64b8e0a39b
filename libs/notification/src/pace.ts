/**
 * How many messages one destination gets: a mail box, an address, a subject.
 *
 *   N1. At most MESSAGES_PER_WINDOW messages leave in a window of WINDOW_MS.
 *   N2. While little happens each notice is a message of its own, at once. When more wait than the window has room for,
 *       all of them become one message, and the next one leaves a window later.
 *   N3. A message that was begun is finished as it was, under its id, before anything new is planned.
 */

// A person reads ten messages in a minute, not a hundred.
export const MESSAGES_PER_WINDOW = 10;
export const WINDOW_MS = 60_000;
// What one message stands for at most. The rest is in the next one.
export const NOTICES_PER_MESSAGE = 1_000;

export type Waiting = {
  readonly noticeId: string;
  /** Of the message that it is a part of, where sending that has begun. */
  readonly messageId: string | undefined;
};

export type Pace = {
  readonly windowFrom: number;
  readonly windowCount: number;
  /** When the last message of several notices left. */
  readonly summedAt: number;
};

export type PlannedMessage = { readonly messageId: string; readonly noticeIds: readonly string[] };

/** The messages that may leave now, of what waits for one destination, oldest first. */
export function planMessages(
  waiting: readonly Waiting[],
  pace: Pace,
  at: { readonly now: number; readonly newId: () => string },
): readonly PlannedMessage[] {
  const begun = Map.groupBy(
    waiting.filter(({ messageId }) => messageId !== undefined),
    ({ messageId }) => messageId!,
  );
  if (begun.size > 0) {
    return [...begun].map(([messageId, parts]) => ({ messageId, noticeIds: idsOf(parts) }));
  }
  const room = roomIn(pace, at.now);
  if (waiting.length === 0 || room === 0) return [];
  if (waiting.length <= room) {
    return waiting.map(({ noticeId }) => ({ messageId: noticeId, noticeIds: [noticeId] }));
  }
  return [{ messageId: at.newId(), noticeIds: idsOf(waiting.slice(0, NOTICES_PER_MESSAGE)) }];
}

/** The pace after a message left. */
export function paceAfter(pace: Pace, noticeCount: number, now: number): Pace {
  const isOver = now >= pace.windowFrom + WINDOW_MS;
  return {
    windowFrom: isOver ? now : pace.windowFrom,
    windowCount: isOver ? 1 : pace.windowCount + 1,
    summedAt: noticeCount > 1 ? now : pace.summedAt,
  };
}

/** When a message may leave again, if none may now. */
export function nextRoomAt(pace: Pace, now: number): number {
  const quietUntil = pace.summedAt + WINDOW_MS;
  if (quietUntil > now) return quietUntil;
  return roomIn(pace, now) > 0 ? now : pace.windowFrom + WINDOW_MS;
}

function roomIn({ windowFrom, windowCount, summedAt }: Pace, now: number): number {
  if (now < summedAt + WINDOW_MS) return 0;
  return now >= windowFrom + WINDOW_MS ? MESSAGES_PER_WINDOW : MESSAGES_PER_WINDOW - windowCount;
}

function idsOf(waiting: readonly Waiting[]): readonly string[] {
  return waiting.map(({ noticeId }) => noticeId);
}
