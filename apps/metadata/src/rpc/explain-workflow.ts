import { formatDataType } from '@floe/expression';
import { compilePlan, planStages } from '@floe/plan';
import type {
  ExplainWorkflowRequest,
  ExplainWorkflowResponse,
  ExplainedTask,
} from '@floe/rpc/contracts';
import { FUSION_RULES, TASK_TYPES } from '@floe/tasks';
import { documentInvalid, type Task, type Workflow } from '@floe/workflow';
import { type CheckedDocument, checkDocument } from '../checking/check-document.ts';
import { describeShare, sharesOf, withShares } from '../checking/partitions.ts';
import { pushDownOf } from '../checking/push-down.ts';
import type { RpcContext } from './context.ts';
import { warningMessages } from './problem-message.ts';

/** Says how a document would be run, from the same findings that apply stores. Refuses what apply refuses. */
export async function explainWorkflow(
  context: RpcContext,
  request: ExplainWorkflowRequest,
): Promise<ExplainWorkflowResponse> {
  const checked = await checkDocument(context, request.source);
  if (checked.violations.length > 0) throw documentInvalid(checked.violations);
  const { workflow } = checked;
  const pushed = pushDownOf(checked);
  const shares = sharesOf(checked);
  const { order, tasks } = compilePlan(workflow);
  const stages = stagesByTask(withShares(workflow, checked));
  return {
    workflowName: workflow.name,
    tasks: order.map((index) => {
      const task = workflow.tasks[index]!;
      const extract = checked.outside.extracts.get(task.id)?.explain(pushed.get(task.id));
      return {
        ...explainTask(checked, task),
        upstreamTaskIds: tasks[index]!.upstream.map((each) => workflow.tasks[each]!.id),
        step: tasks[index]!.level + 1,
        sql: extract?.sql ?? queryOf(task),
        columnsLeftOut: [...(extract?.columnsLeftOut ?? [])],
        rowsExtracted: extract?.where ?? '',
        stageTaskIds: [...(stages.get(task.id) ?? [])],
        partitions: describeShare(shares, task),
      };
    }),
    warnings: warningMessages(checked.warnings),
  };
}

function stagesByTask(workflow: Workflow): ReadonlyMap<string, readonly string[]> {
  const stages = planStages(workflow, FUSION_RULES);
  return new Map(
    stages.flatMap((stage) => {
      const ids = stage.map((index) => workflow.tasks[index]!.id);
      return ids.map((id) => [id, ids] as const);
    }),
  );
}

/** Where no database could be asked, the query is shown as it is written. */
function queryOf({ type, config }: Task): string {
  return type === 'postgres_extract' ? String(config['query']) : '';
}

function explainTask(
  { workflow, schemas }: CheckedDocument,
  task: Task,
): Pick<ExplainedTask, 'taskId' | 'type' | 'plan' | 'columns'> {
  const inputs = new Map(task.inputs.map((name) => [name, schemas[name]]));
  const { config, id, type } = task;
  const context = { config, inputs, params: workflow.params, described: undefined };
  return {
    taskId: id,
    type,
    plan: [...(TASK_TYPES.get(type)?.explain?.(context) ?? [])],
    columns: (schemas[id] ?? []).map((column) => ({
      name: column.name,
      type: formatDataType(column.type),
    })),
  };
}
