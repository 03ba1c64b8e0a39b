import type { ExplainedTask, ExplainedWorkflow } from '@floe/client';
import type { Colors } from '../terminal.ts';
import { formatPlural } from './amounts.ts';
import { printable, printableLines } from './printable.ts';

/** The tasks in the order in which they run, each with its SQL or its plan. */
export function renderExplanation(
  { workflowName, tasks }: ExplainedWorkflow,
  colors: Colors,
): readonly string[] {
  const steps = Math.max(0, ...tasks.map(({ step }) => step));
  const title = `${printable(workflowName)}: ${formatPlural(tasks.length, 'task')} in ${formatPlural(steps, 'step')}`;
  return [colors.bold(title), ...tasks.flatMap((task) => ['', ...renderTask(task, colors)])];
}

function renderTask(task: ExplainedTask, colors: Colors): readonly string[] {
  const { step, taskId, type, upstreamTaskIds } = task;
  const after = upstreamTaskIds.length === 0 ? '' : ` ← ${upstreamTaskIds.join(', ')}`;
  const head = `${step}. ${colors.bold(printable(taskId))}  ${printable(type)}${colors.dim(printable(after))}`;
  const body = [...sqlLines(task), ...task.plan.map(printable)];
  return [
    head,
    ...body.map((line) => `   ${line}`),
    ...notes(task).map((line) => `   ${colors.dim(line)}`),
  ];
}

function sqlLines({ sql }: ExplainedTask): readonly string[] {
  return sql === '' ? [] : printableLines(sql.trimEnd());
}

function notes(task: ExplainedTask): readonly string[] {
  const { taskId, stageTaskIds, columnsLeftOut, rowsExtracted, columns, plan, partitions } = task;
  const others = stageTaskIds.filter((id) => id !== taskId);
  const types = columns.map(({ name, type }) => `${printable(name)} ${printable(type)}`);
  return [
    ...(partitions === '' ? [] : [printable(partitions)]),
    ...(columnsLeftOut.length === 0
      ? []
      : [`not extracted, because no task uses them: ${columnsLeftOut.map(printable).join(', ')}`]),
    ...(rowsExtracted === ''
      ? []
      : [
          'rows that the condition leaves out are counted nowhere; the tasks behind check it again',
        ]),
    ...(others.length === 0 ? [] : [`one query with ${others.map(printable).join(', ')}`]),
    ...(plan.length === 0 || types.length === 0 ? [] : [`gives ${types.join(', ')}`]),
  ];
}
