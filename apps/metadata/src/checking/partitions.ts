import { planPartitions, withPartitions, type PartitionPlan } from '@floe/plan';
import { TASK_TYPES } from '@floe/tasks';
import type { Task, Workflow } from '@floe/workflow';
import type { CheckedDocument } from './check-document.ts';

type Checked = Pick<CheckedDocument, 'workflow' | 'schemas'>;

/** The tasks that are shared among executors are told so, and so are those that follow their parts. */
export function withShares(workflow: Workflow, checked: Checked): Workflow {
  return withPartitions(workflow, sourcesOf(checked));
}

export function sharesOf(checked: Checked): PartitionPlan {
  return planPartitions(checked.workflow, sourcesOf(checked));
}

/** How a task is shared, or why it reads all parts at once; empty where there are none. */
export function describeShare({ partitions, gathers }: PartitionPlan, { id, type }: Task): string {
  const shared = partitions.get(id);
  const why = gathers.get(id);
  if (shared?.of !== undefined) return `${shared.count} partitions, those of ${shared.of}`;
  if (shared !== undefined) {
    const what = type === 'postgres_extract' ? 'of one snapshot' : 'of whole files';
    return `${shared.count} partitions ${what}`;
  }
  return why === undefined ? '' : `all partitions at once: ${why}`;
}

function sourcesOf({ schemas }: Checked) {
  return { taskTypes: TASK_TYPES, schemas: new Map(Object.entries(schemas)) };
}
