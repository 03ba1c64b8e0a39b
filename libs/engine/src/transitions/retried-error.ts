import { CATALOGUE, isErrorCode } from '@floe/errors';
import type { TaskPolicy } from '../graph.ts';
import type { Failure } from '../failure.ts';

/** R4: a policy may name the errors, by code or category, after which it tries again. */
export function isRetriedError({ retryOn }: TaskPolicy, { code }: Failure): boolean {
  if (retryOn.length === 0 || retryOn.includes(code)) return true;
  return isErrorCode(code) && retryOn.includes(CATALOGUE[code].category);
}
