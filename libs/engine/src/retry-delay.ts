import type { TaskPolicy } from './graph.ts';

/**
 * How long to wait before the next attempt: `delay × backoff^(failures − 1)`, at most the policy's maximum, of which
 * the share `jitter` is random, so that tasks which failed together do not come back together.
 */
export function retryDelayMs(
  policy: TaskPolicy,
  options: { failures: number; random: number },
): number {
  const { failures, random } = options;
  const grown = policy.retryDelayMs * policy.retryBackoff ** Math.max(0, failures - 1);
  const capped = Math.min(grown, policy.retryDelayMsMax);
  return Math.round(capped * (1 - policy.retryJitter * random));
}
