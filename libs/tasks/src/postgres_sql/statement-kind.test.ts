import { expect, test } from 'vitest';
import { transactionWord } from './statement-kind.ts';

test.each([
  ['commit', 'COMMIT'],
  ['  -- and now\n Begin', 'BEGIN'],
  ['/* a /* nested */ comment */ ROLLBACK', 'ROLLBACK'],
  ['start transaction', 'START'],
  ['prepare transaction $$x$$', 'PREPARE TRANSACTION'],
  ['end', 'END'],
])('%j belongs to the transaction', (sql, word) => {
  expect(transactionWord(sql)).toBe(word);
});

test.each([
  'update t set a = 1',
  'rollback to savepoint one',
  'prepare q as select 1',
  '-- commit',
  '/* commit',
  '',
  '"commit"',
])('%j does not', (sql) => {
  expect(transactionWord(sql)).toBeUndefined();
});
