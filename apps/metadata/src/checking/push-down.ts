import { planPushDown, type PushDown } from '@floe/plan';
import { TASK_TYPES } from '@floe/tasks';
import { PUSHED_FIELD } from '@floe/tasks/describe';
import type { Workflow } from '@floe/workflow';
import type { CheckedDocument } from './check-document.ts';

/** What the tasks behind each extract do not want. */
export function pushDownOf({
  workflow,
  schemas,
}: Pick<CheckedDocument, 'workflow' | 'schemas'>): ReadonlyMap<string, PushDown> {
  return planPushDown(workflow, {
    taskTypes: TASK_TYPES,
    schemas: new Map(Object.entries(schemas)),
  });
}

/** The workflow as it is run: tasks that bring data in are told what the tasks behind them do not want. */
export function withPushDown(checked: Pick<CheckedDocument, 'workflow' | 'schemas'>): Workflow {
  const { workflow } = checked;
  const pushed = pushDownOf(checked);
  const tasks = workflow.tasks.map((task) => {
    const push = pushed.get(task.id);
    return push === undefined
      ? task
      : { ...task, config: { ...task.config, [PUSHED_FIELD]: push } };
  });
  return { ...workflow, tasks };
}
