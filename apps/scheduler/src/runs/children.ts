import type { ControlDatabase } from '@floe/database';
import type { ParameterValue } from '@floe/expression';
import { FloeError } from '@floe/errors';
import {
  CHILD_DEPTH_MAX,
  childRelays,
  taskTraceparent,
  type Parent,
  type Relays,
  type RunCommitter,
  type RunRecord,
} from '@floe/scheduling';
import { bindParameters, parameterReference } from '@floe/workflow';
import { newRecord } from '../rpc/start-run.ts';
import { findRunByRequestId } from '../store/find-run.ts';
import { findLatestVersion } from '../store/find-version.ts';
import { loadRun } from '../store/load-run.ts';
import type { PlanCache } from './plan-cache.ts';

export type ChildrenContext = {
  readonly database: ControlDatabase;
  readonly plans: PlanCache;
  readonly committer: RunCommitter;
  readonly newId: () => string;
};

/** Runs that stand for a task of another run, over PostgreSQL. */
export function relaysOf(context: ChildrenContext): Relays {
  const { database, plans, committer } = context;
  return childRelays({
    committer,
    loadRun: (runId) => loadRun(database, runId, plans.get),
    async findRunByRequestId(requestId) {
      return (await findRunByRequestId(database.db, requestId))?.runId;
    },
    childOf: (record, parent) => childOf(context, record, parent),
  });
}

/** Of the newest version, unless the task names one, with the parameters that the task gives it. */
async function childOf(
  context: ChildrenContext,
  record: RunRecord,
  parent: Parent,
): Promise<RunRecord> {
  if (record.depth >= CHILD_DEPTH_MAX) throw tooDeep(record);
  const { config } = record.plan.workflow.tasks[parent.task]!;
  const name = String(config['workflow']);
  const latest = await findLatestVersion(context.database.db, name);
  if (latest === undefined) {
    const hint = 'Apply its document first: floe apply -f FILE';
    throw new FloeError('WORKFLOW_NOT_FOUND', `no workflow is named ${name}`, { hint });
  }
  const version = typeof config['version'] === 'number' ? config['version'] : latest;
  const plan = await context.plans.get(name, version);
  const given = givenBy((config['params'] ?? {}) as Record<string, unknown>, record.parameters);
  const child = newRecord({
    context,
    plan,
    caller: { traceparent: taskTraceparent(record, parent.task) },
    version,
    parameters: bindParameters(plan.workflow, given),
    trigger: 'workflow',
    depth: record.depth + 1,
  });
  return record.ignoresKnown === true ? { ...child, ignoresKnown: true } : child;
}

/** Parameters of the parent by reference, or values as they stand. */
function givenBy(
  params: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, ParameterValue>>,
): Record<string, unknown> {
  const given = Object.entries(params).map(([name, value]) => {
    const reference = typeof value === 'string' ? parameterReference(value) : undefined;
    if (reference === undefined) return [name, value];
    const parameter = known[reference];
    return [name, parameter === undefined || parameter.kind === 'null' ? null : parameter.value];
  });
  return Object.fromEntries(given) as Record<string, unknown>;
}

function tooDeep({ plan, depth }: RunRecord): FloeError {
  const message = `workflow ${plan.workflow.name} is started by ${depth} runs above it; that is as deep as it goes`;
  return new FloeError('CHILD_TOO_DEEP', message, {
    details: { depth_max: String(CHILD_DEPTH_MAX) },
    hint: 'Does it run itself? End the circle with a condition.',
  });
}
