import { FloeError } from '@floe/errors';
import type { Schema } from '@floe/expression';
import { checkContract } from '@floe/workflow/contract';
import type { TaskResult } from './runner.ts';

/**
 * Refuses a dataset that is not what the document pins. The types were checked when the workflow was applied, but a
 * table may have changed since. Errors: CONTRACT_BROKEN with every difference.
 */
export function requireContract(contract: Schema, { dataset }: TaskResult): void {
  const violations = checkContract(contract, dataset?.schema ?? []);
  const [first, ...others] = violations;
  if (first === undefined) return;
  const rest = others.length === 0 ? '' : `, and ${others.length} more`;
  throw new FloeError('CONTRACT_BROKEN', `${first.message}${rest}`, {
    violations,
    ...(first.hint !== undefined && { hint: first.hint }),
  });
}
