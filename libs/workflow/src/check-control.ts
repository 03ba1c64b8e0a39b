import { checkPartitions } from './check-partitions.ts';
import { type Findings, nameHint } from './findings.ts';
import {
  makesNothing,
  traitsOf,
  type TaskDefinition,
  type TaskTypeRegistry,
} from './task-definition.ts';
import { ITEM_PARAMETER, type Foreach, type ParameterSpec, type Task } from './workflow.ts';

type ControlCheck = {
  readonly tasks: readonly Task[];
  readonly params: Readonly<Record<string, ParameterSpec>>;
  readonly taskTypes: TaskTypeRegistry;
};

/** What a task may say about when, how often and beside whom it goes ahead depends on what it is. */
export function checkControl(findings: Findings, check: ControlCheck): void {
  for (const task of check.tasks) {
    const definition = check.taskTypes.get(task.type);
    checkTrigger(findings, task);
    if (task.foreach !== undefined) {
      checkForeach(findings, { task, foreach: task.foreach, definition, check });
    }
    if (task.partitions !== undefined) checkPartitions(findings, task, definition);
    if (task.concurrency?.onConflict === 'cancel_previous') {
      const path = ['tasks', task.id, 'concurrency', 'on_conflict'];
      const hint = 'Write it under `concurrency` of the workflow, or use `queue` or `skip` here.';
      findings.add(path, 'only whole runs can take the place of earlier ones', { hint });
    }
  }
}

/** A task that begins although others failed cannot count on their data. */
function checkTrigger(findings: Findings, { id, trigger, inputs }: Task): void {
  if (trigger === 'all_succeeded' || inputs.length === 0) return;
  const message = `with \`${trigger}\` the task may begin without its inputs`;
  const hint = 'Name the tasks in `needs`; data needs `all_succeeded`.';
  findings.add(['tasks', id, 'trigger'], message, { hint });
}

type ForeachCheck = {
  readonly task: Task;
  readonly foreach: Foreach;
  readonly definition: TaskDefinition | undefined;
  readonly check: ControlCheck;
};

function checkForeach(
  findings: Findings,
  { task, foreach, definition, check }: ForeachCheck,
): void {
  const path = ['tasks', task.id, 'foreach'];
  if (definition && traitsOf(definition, task.config).produces === 'dataset') {
    const hint = 'Use it on a task that has an effect, like postgres_sql.';
    const message = `a ${task.type} task makes one dataset, and with items there would be many`;
    findings.addAtKey(path, message, hint);
  } else if (definition?.performer !== undefined || definition?.takesItems === false) {
    findings.addAtKey(path, `a ${task.type} task cannot go through items`);
  }
  if (Object.hasOwn(check.params, ITEM_PARAMETER)) {
    const hint = 'Rename the parameter.';
    findings.addAtKey(path, `\`${ITEM_PARAMETER}\` is the item here, and a parameter too`, hint);
  }
  if (foreach.source.from === 'parameter')
    checkParameter(findings, foreach.source.name, { path, check });
  if (foreach.source.from === 'rows')
    checkRows(findings, foreach.source.task, { path, task, check });
}

function checkParameter(
  findings: Findings,
  name: string,
  { path, check }: { readonly path: readonly string[]; readonly check: ControlCheck },
): void {
  const spec = Object.hasOwn(check.params, name) ? check.params[name] : undefined;
  const at = [...path, 'parameter'];
  if (spec === undefined) {
    findings.add(at, `no parameter is named \`${name}\``, {
      hint: nameHint(name, Object.keys(check.params)),
    });
  } else if (spec.type !== 'string') {
    const hint = 'Declare it as `type: string` and give it a JSON list.';
    findings.add(at, `parameter \`${name}\` is of type ${spec.type}, which holds no list`, {
      hint,
    });
  }
}

type RowsCheck = {
  readonly path: readonly string[];
  readonly task: Task;
  readonly check: ControlCheck;
};

function checkRows(findings: Findings, name: string, { path, task, check }: RowsCheck): void {
  const at = [...path, 'rows'];
  const upstream = [...task.inputs, ...task.needs];
  if (!upstream.includes(name)) {
    const hint = nameHint(name, upstream) ?? `Name it in \`needs: [${name}]\` too.`;
    findings.add(at, `this task does not wait for a task named \`${name}\``, { hint });
    return;
  }
  const source = check.tasks.find(({ id }) => id === name);
  if (source !== undefined && makesNothing(check.taskTypes, source)) {
    findings.add(at, `\`${name}\` is a ${source.type} task, which has no rows`);
  }
}
