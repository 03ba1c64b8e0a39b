import type { RunRecord } from '@floe/scheduling';
import { TASK_TYPES } from '@floe/tasks';

/** Where the load of a task may take effect: its connection, and the items that it may be doing; none without items. */
export function loadToRuleOut(
  { plan, state }: RunRecord,
  task: number,
): { readonly connection: string; readonly items: number[] } {
  const { type, config } = plan.workflow.tasks[task]!;
  const { items } = state.tasks[task]!;
  const [connection = ''] = TASK_TYPES.get(type)?.connections(config as never) ?? [];
  const open = (items?.done ?? '').split('').flatMap((one, index) => (one === 's' ? [] : [index]));
  return { connection, items: open };
}
