import { expect, test } from 'vitest';
import { OwnClaims } from './own-claims.ts';

const attempt = { runId: 'run', taskId: 'task', epoch: 1 };

test('lets one slot at a time have an attempt (O2)', () => {
  const claims = new OwnClaims();
  expect(claims.begin(attempt)).toBeDefined();
  expect(claims.begin(attempt)).toBeUndefined();
  expect(claims.begin({ ...attempt, epoch: 2 })).toBeDefined();
});

test('claims an attempt again with the same token, which no other executor has (O1)', () => {
  const claims = new OwnClaims();
  const token = claims.begin(attempt);
  claims.end(attempt);
  expect(claims.begin(attempt)).toBe(token);
  expect(new OwnClaims().begin(attempt)).not.toBe(token);
});
