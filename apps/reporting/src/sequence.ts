import { FloeError } from '@floe/errors';

/** A resume number of a request as a plain number. Throws PAGE_TOKEN_INVALID for one that nothing here has. */
export function toSequence(afterSequence: bigint): number {
  if (afterSequence >= 0n && afterSequence <= BigInt(Number.MAX_SAFE_INTEGER)) {
    return Number(afterSequence);
  }
  throw new FloeError(
    'PAGE_TOKEN_INVALID',
    `after_sequence ${afterSequence} is no number of this stream`,
    {
      details: { field: 'after_sequence' },
      violations: [{ field: 'after_sequence', message: 'is no number of this stream' }],
      hint: 'Pass the sequence of the last message that you have, or 0 for all.',
    },
  );
}
