import { FloeError, type Violation } from '@floe/errors';
import type { Schema } from '@floe/expression';
import {
  checkContract,
  ITEM_PARAMETER,
  placeInDocument,
  type SourceMap,
  type Task,
  type TaskTypeRegistry,
  type Workflow,
} from '@floe/workflow';
import { compilePlan } from './compile-plan.ts';

export type TypeCheck = {
  readonly taskTypes: TaskTypeRegistry;
  /** What databases said of queries, by task; a task that is not there could not be asked about. */
  readonly described: ReadonlyMap<string, Schema>;
  /** Where the tasks' texts stand in the document. */
  readonly source: SourceMap;
  /** Tasks that are not looked at, because their own fields are wrong; what they give is not known. */
  readonly unclear?: ReadonlySet<string>;
};

// Far more than are shown; what is wrong with a column is looked for among up to 10,000 names.
const FAULTS_MAX = 500;

export type CheckedTypes = {
  /** Output columns by task, as far as they are known without running anything. */
  readonly schemas: ReadonlyMap<string, Schema>;
  readonly violations: readonly Violation[];
};

/**
 * Lets the schemas flow through the workflow, from task to task, and gathers what does not fit. A task whose inputs
 * are not known is still parsed; so are those behind a task with an error, so that one mistake is reported once.
 */
export function checkTypes(workflow: Workflow, check: TypeCheck): CheckedTypes {
  const schemas = new Map<string, Schema>();
  const violations: Violation[] = [];
  for (const index of compilePlan(workflow).order) {
    if (violations.length >= FAULTS_MAX) break;
    const task = workflow.tasks[index]!;
    const outcome = checkTask(workflow, task, { ...check, schemas });
    if (outcome.schema !== undefined) schemas.set(task.id, outcome.schema);
    violations.push(...outcome.violations);
  }
  return { schemas, violations };
}

type TaskCheck = TypeCheck & { readonly schemas: ReadonlyMap<string, Schema> };
type TaskOutcome = {
  readonly schema: Schema | undefined;
  readonly violations: readonly Violation[];
};

function checkTask(workflow: Workflow, task: Task, check: TaskCheck): TaskOutcome {
  const definition = check.taskTypes.get(task.type);
  if (definition === undefined || check.unclear?.has(task.id) === true)
    return { schema: task.contract, violations: [] };
  try {
    const schema = definition.outputSchema({
      config: task.config,
      inputs: new Map(task.inputs.map((name) => [name, check.schemas.get(name)])),
      params: parametersWithin(workflow, task),
      described: check.described.get(task.id),
    });
    const broken = checkContract(task.contract, schema);
    // What is pinned stands for what nobody could ask about, and for what has been promised and is reported already.
    return {
      schema: task.contract ?? schema,
      violations: inDocument(task.id, broken, check.source),
    };
  } catch (thrown) {
    if (!(thrown instanceof FloeError) || thrown.violations.length === 0) throw thrown;
    const violations = inDocument(task.id, thrown.violations, check.source);
    return { schema: task.contract, violations };
  }
}

/** A task that goes through items has the item as a parameter. */
function parametersWithin({ params }: Workflow, { foreach }: Task): Workflow['params'] {
  if (foreach === undefined) return params;
  const item = { type: foreach.type, description: '', required: true };
  return { ...params, [ITEM_PARAMETER]: item };
}

/** Violations that a task type reported of its own fields, with the places and fields of the whole document. */
export function inDocument(
  taskId: string,
  violations: readonly Violation[],
  source: SourceMap,
): readonly Violation[] {
  return violations.map(({ place, ...violation }) => {
    const field = `tasks.${taskId}.${violation.field}`;
    const text = source[field];
    if (text !== undefined) return { ...violation, field, place: placeInDocument(text, place) };
    const around = sourceAround(field, source);
    return { ...violation, field, ...(around && { place: placeInDocument(around, undefined) }) };
  });
}

// The last step of a path of fields: a name, or a place in a list.
const LAST_STEP = /(?:\.[^.[\]]*|\[[^\]]*\])$/;

/** What is around a field that does not stand in the document as it is named. */
function sourceAround(field: string, source: SourceMap): SourceMap[string] | undefined {
  let outer = field;
  while (LAST_STEP.test(outer)) {
    outer = outer.replace(LAST_STEP, '');
    const found = source[outer];
    if (found !== undefined) return found;
  }
  return undefined;
}
