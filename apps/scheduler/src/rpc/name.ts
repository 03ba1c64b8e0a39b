import { FloeError } from '@floe/errors';
import { NAME_LENGTH_MAX } from '../limits.ts';

/** The name of an executor or a pool. */
export function requireName(field: string, value: string): string {
  if (value !== '' && value.length <= NAME_LENGTH_MAX && !value.includes('\u0000')) return value;
  const message = `${field} must have 1 to ${NAME_LENGTH_MAX} characters`;
  throw new FloeError('ARGUMENT_INVALID', message);
}
