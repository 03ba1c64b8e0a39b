import { expect, test } from 'vitest';
import { waitingReason } from './waiting-reason.ts';

const EXECUTORS = [
  { pool: 'default', labels: [] },
  { pool: 'default', labels: ['gpu'] },
  { pool: 'default', labels: ['big-memory', 'eu'] },
];

test.each([
  ['default', null, undefined],
  ['default', ['gpu'], undefined],
  ['default', ['big-memory', 'eu'], undefined],
  ['default', ['tpu'], 'no executor of pool default offers label tpu'],
  ['default', ['gpu', 'ssd', 'tpu'], 'no executor of pool default offers labels ssd, tpu'],
  ['default', ['eu', 'gpu'], 'no executor of pool default offers all of eu, gpu'],
  ['night', null, 'no executor of pool night is there'],
  ['night', ['gpu'], 'no executor of pool night is there'],
])('in pool %s, asking for %j: %s', (pool, labels, reason) => {
  expect(waitingReason({ pool, labels }, EXECUTORS)).toBe(reason);
});
