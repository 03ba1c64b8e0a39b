import { z } from 'zod';

// Whoever has more to say makes a table of it.
export const MEASURE_COUNT_MAX = 100;
// A longer computation is a task of its own.
const EXPRESSION_LENGTH_MAX = 2_000;

const NAME = /^[a-z][a-z0-9_]{0,62}$/;

export const nameField = () =>
  z.string().regex(NAME, 'names are lower-case letters, digits and _, at most 63, a letter first');

export const expressionField = () => z.string().min(1).max(EXPRESSION_LENGTH_MAX);

/** What may be said at most by one task. */
export function isFew(named: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(named).length <= MEASURE_COUNT_MAX;
}

export const TOO_MANY = `are more than ${MEASURE_COUNT_MAX}`;
