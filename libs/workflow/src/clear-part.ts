import type { Violation } from '@floe/errors';
import { CONDUCT_FIELDS } from './document-schema-parts.ts';
import type { Workflow } from './workflow.ts';

type Faults = { readonly violations: readonly Violation[]; readonly hasCycle: boolean };

export type ClearPart = { readonly workflow: Workflow; readonly unclear: ReadonlySet<string> };

/**
 * What is left of a document with errors for finding more of them: links that lead nowhere, or back to where they begin, are cut, and the tasks that
 * have a part in an error of data are named, so that one mistake is not reported twice.
 */
export function clearPart(workflow: Workflow, { violations, hasCycle }: Faults): ClearPart {
  const ids = new Set(workflow.tasks.map(({ id }) => id));
  const isThere = (id: string) => !hasCycle && ids.has(id);
  const tasks = workflow.tasks.map((task) => {
    const isOther = (id: string) => id !== task.id && isThere(id);
    return { ...task, inputs: task.inputs.filter(isOther), needs: task.needs.filter(isOther) };
  });
  const cut = workflow.tasks.filter(({ inputs }) => !inputs.every(isThere)).map(({ id }) => id);
  const named = violations.flatMap(({ field }) => taskOfFault(field) ?? []);
  return { workflow: { ...workflow, tasks }, unclear: new Set([...cut, ...named]) };
}

/** The task of a field like `tasks.late.polars`, unless the field has no part in its data. */
function taskOfFault(path: string): string | undefined {
  const [top, task, field = ''] = path.split('.');
  const name = field.replace(/\[.*$/, '');
  return top === 'tasks' && !CONDUCT_FIELDS.has(name) ? task : undefined;
}
