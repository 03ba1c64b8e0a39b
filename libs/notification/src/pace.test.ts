import { expect, test } from 'vitest';
import {
  MESSAGES_PER_WINDOW,
  nextRoomAt,
  NOTICES_PER_MESSAGE,
  type Pace,
  paceAfter,
  planMessages,
  WINDOW_MS,
} from './pace.ts';

const NOW = 10_000_000;
const QUIET: Pace = { windowFrom: 0, windowCount: 0, summedAt: 0 };
const at = (now = NOW) => ({ now, newId: () => 'sum' });

function waiting(count: number, messageId?: string) {
  return Array.from({ length: count }, (_, index) => ({ noticeId: `n${index}`, messageId }));
}

test('while little happens each is a message of its own, with an id of its own (N2)', () => {
  expect(planMessages(waiting(2), QUIET, at())).toEqual([
    { messageId: 'n0', noticeIds: ['n0'] },
    { messageId: 'n1', noticeIds: ['n1'] },
  ]);
});

test('more than there is room for are one message that holds all of them (N2)', () => {
  const [message, ...others] = planMessages(waiting(MESSAGES_PER_WINDOW + 1), QUIET, at());
  expect(others).toEqual([]);
  expect(message).toMatchObject({ messageId: 'sum' });
  expect(message!.noticeIds).toHaveLength(MESSAGES_PER_WINDOW + 1);
});

test('one message has a bound', () => {
  const [message] = planMessages(waiting(NOTICES_PER_MESSAGE + 5), QUIET, at());
  expect(message!.noticeIds).toHaveLength(NOTICES_PER_MESSAGE);
});

test('after a sum the next message leaves a window later, whatever waits (N2)', () => {
  const pace = paceAfter(QUIET, 50, NOW);
  expect(planMessages(waiting(1), pace, at(NOW + WINDOW_MS - 1))).toEqual([]);
  expect(nextRoomAt(pace, NOW + 1)).toBe(NOW + WINDOW_MS);
  expect(planMessages(waiting(1), pace, at(NOW + WINDOW_MS))).toHaveLength(1);
});

test('no window sees more messages than it has room for (N1)', () => {
  let pace = QUIET;
  for (let count = 0; count < MESSAGES_PER_WINDOW; count += 1) {
    expect(planMessages(waiting(1), pace, at(NOW + count))).toHaveLength(1);
    pace = paceAfter(pace, 1, NOW + count);
  }
  expect(planMessages(waiting(1), pace, at(NOW + 100))).toEqual([]);
  expect(nextRoomAt(pace, NOW + 100)).toBe(NOW + WINDOW_MS);
});

test('a storm of a thousand in a minute is two messages', () => {
  let pace = QUIET;
  let backlog = 0;
  const sent: number[] = [];
  for (let second = 0; second <= 60; second += 1) {
    if (second < 50) backlog += 20;
    const now = NOW + second * 1_000;
    for (const { noticeIds } of planMessages(waiting(backlog), pace, at(now))) {
      sent.push(noticeIds.length);
      backlog -= noticeIds.length;
      pace = paceAfter(pace, noticeIds.length, now);
    }
  }
  expect(sent).toEqual([20, 980]);
});

test('what was begun is finished as it was, before anything else (N3)', () => {
  const begun = waiting(3, 'm');
  const fresh = [{ noticeId: 'later', messageId: undefined }];
  const full = { windowFrom: NOW, windowCount: MESSAGES_PER_WINDOW, summedAt: NOW };
  expect(planMessages([...begun, ...fresh], full, at())).toEqual([
    { messageId: 'm', noticeIds: ['n0', 'n1', 'n2'] },
  ]);
});
