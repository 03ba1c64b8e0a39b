/**
 * Runs that stand for a task of another run.
 *
 *   K1. A child is found by its request id, which names the task and the epoch: started twice it is one run.
 *   K2. A child that cannot be started ends its task with the reason, as if it had run and failed.
 *   K3. A task that no longer waits when its child has been stored has the child cancelled: whoever gave the task up may
 *       have looked for the child before it was there.
 */
import type { ControlDatabase } from '@floe/database';
import type { ParameterValue } from '@floe/expression';
import { FloeError, toFloeError } from '@floe/errors';
import {
  CHILD_DEPTH_MAX,
  taskTraceparent,
  type NewRun,
  type Parent,
  type Relays,
  type RunCommitter,
  type RunRecord,
} from '@floe/scheduling';
import { bindParameters, parameterReference } from '@floe/workflow';
import { CHILD_REQUEST_PREFIX } from '../limits.ts';
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

export function childRelays(context: ChildrenContext): Relays {
  return {
    startChild: (parent) => startChild(context, parent),
    cancelChild: (parent, reason) => cancelChild(context, parent, reason),
  };
}

async function startChild(context: ChildrenContext, parent: Parent): Promise<void> {
  if (!(await isWaiting(context, parent))) return;
  const record = await loadRun(context.database, parent.runId, context.plans.get);
  if (record === undefined) return;
  try {
    await context.committer.create(await childOf(context, record, parent));
  } catch (error) {
    const failure = toFloeError(error);
    if (failure.isRetryable) throw failure;
    return tellFailure(context, parent, failure); // K2
  }
  const reason = 'the task that started it no longer waits';
  if (!(await isWaiting(context, parent))) await cancelChild(context, parent, reason); // K3
}

async function cancelChild(
  context: ChildrenContext,
  parent: Parent,
  reason: string,
): Promise<void> {
  const found = await findRunByRequestId(context.database.db, requestIdOf(parent));
  if (found !== undefined) await context.committer.submit(found.runId, { type: 'cancel', reason });
}

async function isWaiting(context: ChildrenContext, parent: Parent): Promise<boolean> {
  const record = await loadRun(context.database, parent.runId, context.plans.get);
  const task = record?.state.tasks[parent.task];
  const isCancelling = record?.state.status === 'cancelling';
  return task?.status === 'running' && task.epoch === parent.epoch && !isCancelling;
}

/** Of the newest version, unless the task names one, with the parameters that the task gives it. */
async function childOf(
  context: ChildrenContext,
  record: RunRecord,
  parent: Parent,
): Promise<NewRun> {
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
  return { record: { ...child, parent }, requestId: requestIdOf(parent), requestDigest: '' };
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

async function tellFailure(
  context: ChildrenContext,
  { runId, task, epoch }: Parent,
  { code, message, details, hint }: FloeError,
): Promise<void> {
  const failure = { code, message, details, ...(hint !== undefined && { hint }) };
  const child = { status: 'failed', failure } as const;
  await context.committer.submit(runId, { type: 'child_ended', task, epoch, child });
}

function requestIdOf({ runId, task, epoch }: Parent): string {
  return `${CHILD_REQUEST_PREFIX}${runId}/${task}/${epoch}`;
}

function tooDeep({ plan, depth }: RunRecord): FloeError {
  const message = `workflow ${plan.workflow.name} is started by ${depth} runs above it; that is as deep as it goes`;
  return new FloeError('CHILD_TOO_DEEP', message, {
    details: { depth_max: String(CHILD_DEPTH_MAX) },
    hint: 'Does it run itself? End the circle with a condition.',
  });
}
