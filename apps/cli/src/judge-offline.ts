import { FloeError } from '@floe/errors';
import { checkTypes } from '@floe/plan';
import { TASK_TYPES } from '@floe/tasks';
import { inOrder, readWorkflow } from '@floe/workflow';
import type { Verdict } from './verdict.ts';

/**
 * What can be said of a document without a server: all that applying would say, except of tables and queries, because
 * no database is asked.
 */
export function judgeOffline(text: string): Verdict {
  try {
    const { workflow, violations, ...read } = readWorkflow(text, { taskTypes: TASK_TYPES });
    const types = checkTypes(workflow, { taskTypes: TASK_TYPES, described: new Map(), ...read });
    return verdict(inOrder([...violations, ...types.violations]), workflow.tasks.length);
  } catch (thrown) {
    if (!(thrown instanceof FloeError) || thrown.category !== 'invalid') throw thrown;
    const whole = [{ field: '', message: thrown.message, ...hintOf(thrown) }];
    return verdict(thrown.violations.length > 0 ? thrown.violations : whole, 0);
  }
}

function verdict(errors: Verdict['errors'], taskCount: number): Verdict {
  return { checkedBy: 'offline', errors, warnings: [], taskCount };
}

function hintOf({ hint }: FloeError): { readonly hint?: string } {
  return hint === undefined ? {} : { hint };
}
