import { planPushDown } from '@floe/plan';
import { TASK_TYPES } from '@floe/tasks';
import { PUSHED_FIELD } from '@floe/tasks/describe';
import type { Workflow } from '@floe/workflow';
import type { CheckedDocument } from './check-document.ts';

/** The workflow as it is run: tasks that bring data in are told what the tasks behind them do not want. */
export function withPushDown({
  workflow,
  schemas,
}: Pick<CheckedDocument, 'workflow' | 'schemas'>): Workflow {
  const pushed = planPushDown(workflow, {
    taskTypes: TASK_TYPES,
    schemas: new Map(Object.entries(schemas)),
  });
  const tasks = workflow.tasks.map((task) => {
    const push = pushed.get(task.id);
    return push === undefined
      ? task
      : { ...task, config: { ...task.config, [PUSHED_FIELD]: push } };
  });
  return { ...workflow, tasks };
}
