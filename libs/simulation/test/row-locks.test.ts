import { expect, test } from 'vitest';
import { RowLocks } from '../src/postgres/row-locks.ts';

const never = () => expect.unreachable('the lock was not to be given');

test('a lock goes to who asked first when its owner ends', () => {
  const locks = new RowLocks();
  const [first, second, third] = [{}, {}, {}];
  const granted: string[] = [];
  expect(locks.take('row', first, never)).toBe(true);
  expect(locks.take('row', second, () => granted.push('second'))).toBe(false);
  expect(locks.take('row', third, () => granted.push('third'))).toBe(false);
  locks.release(first);
  expect(granted).toEqual(['second']);
  locks.release(second);
  expect(granted).toEqual(['second', 'third']);
});

test('who ends while waiting is passed over', () => {
  const locks = new RowLocks();
  const [first, second, third] = [{}, {}, {}];
  const granted: string[] = [];
  locks.take('row', first, never);
  locks.take('row', second, never);
  locks.take('row', third, () => granted.push('third'));
  locks.release(second);
  locks.release(first);
  expect(granted).toEqual(['third']);
});

test('a locked row is skipped, an own one is not', () => {
  const locks = new RowLocks();
  const [first, second] = [{}, {}];
  expect(locks.tryTake('row', first)).toBe(true);
  expect(locks.tryTake('row', first)).toBe(true);
  expect(locks.tryTake('row', second)).toBe(false);
});

test('two that wait for each other are deadlocked, one that waits is not', () => {
  const locks = new RowLocks();
  const [first, second, third] = [{}, {}, {}];
  locks.take('a', first, never);
  locks.take('b', second, never);
  locks.take('b', first, never);
  expect(locks.isDeadlocked(first)).toBe(false);
  locks.take('a', second, never);
  locks.take('a', third, never);
  expect(locks.isDeadlocked(first)).toBe(true);
  expect(locks.isDeadlocked(second)).toBe(true);
  expect(locks.isDeadlocked(third)).toBe(false);
});
