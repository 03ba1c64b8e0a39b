import type { Task, Workflow } from '@floe/workflow';
import type { Scenario } from './scenario.ts';

/** The documents of a world as they were drawn, whatever production code makes of them. */
export type Documents = {
  task(workflowName: string, task: number): Task;
  workflow(name: string): Workflow;
};

export function documentsOf({ wishes, library }: Scenario): Documents {
  const workflows = [...wishes.map((wish) => wish.workflow), ...library];
  const byName = new Map(workflows.map((workflow) => [workflow.name, workflow]));
  return {
    task: (workflowName, task) => byName.get(workflowName)!.tasks[task]!,
    workflow: (name) => byName.get(name)!,
  };
}
