/** What a scheduler process translates: calls of executors and clients, and the records of new runs. */
import {
  newRunState,
  parseRanges,
  VOID_WITHIN_MS,
  type Outcome as EngineOutcome,
} from '@floe/engine';
import type { Finish, FollowerOutcome, Lease, Outcome } from '@floe/execution';
import {
  LEASE_MS,
  laneOfTask,
  toRunPlan,
  type FollowerEnd,
  type Lease as GivenLease,
  type RunPlan,
  type RunRecord,
  type SubmittedInput,
} from '@floe/scheduling';
import type { Workflow } from '@floe/workflow';
import type { Act } from '../scenario/scenario.ts';
import { textOf, type DatasetReference } from '../target/datasets.ts';
import type { Recipe, SimulatedTask } from './simulated-task.ts';

const LOAD = { lane: 'slot', commitsOnce: true } as const;
const LIGHT = { lane: 'light', produces: 'dataset', outside: 'untouched' } as const;

const PLANS = new WeakMap<Workflow, RunPlan>();

export function planFor(workflow: Workflow): RunPlan {
  const known = PLANS.get(workflow);
  if (known !== undefined) return known;
  const plan = toRunPlan(
    workflow,
    (type) => (type === 'postgres_load' ? LOAD : LIGHT),
    ({ type }) => (type === 'expression_transform' ? 'anywhere' : 'nowhere'),
  );
  PLANS.set(workflow, plan);
  return plan;
}

export function newRecord(runId: string, plan: RunPlan, depth = 0): RunRecord {
  const { name, timeoutMs } = plan.workflow;
  return {
    runId,
    workflowName: name,
    workflowVersion: 1,
    generation: 1,
    depth,
    trigger: depth === 0 ? 'manual' : 'workflow',
    parameters: {},
    traceId: '00000000000000000000000000000001',
    spanId: '0000000000000001',
    traceFlags: 0,
    revision: 1,
    eventSequence: 0,
    plan,
    state: newRunState(plan.graph, { now: 0, timeoutMs }),
    details: plan.graph.tasks.map(() => ({
      spanId: '0000000000000001',
      rows: 0,
      bytes: 0,
      peakMemoryBytes: 0,
    })),
    rowsLoaded: 0,
  } as RunRecord;
}

export function toInput(act: Act): SubmittedInput {
  if (act.type === 'answer') {
    const { taskId, approved, by } = act;
    return { type: 'answer', taskId, answer: { approved, by, comment: '', form: {} } };
  }
  if (act.type !== 'cancel') return { type: act.type };
  const { graceMs } = act;
  return { type: 'cancel', reason: 'asked for', ...(graceMs !== undefined && { graceMs }) };
}

/** As the tables have it. */
export function hashOf(token: string): string {
  return `#${token}`;
}

export function toFinished({ lease, outcome, peakMemoryBytes }: Finish) {
  const { runId, taskId, epoch, token } = lease;
  const result = { ...toResult(outcome), peakMemoryBytes };
  const tokenHash = hashOf(token);
  const followers = outcome.kind === 'succeeded' ? (outcome.result.followers ?? []) : [];
  return {
    runId,
    input: {
      type: 'finish',
      taskId,
      epoch,
      tokenHash,
      outcome: toEngine(outcome),
      result,
      followers: followers.map((end) => toFollowerEnd(end, peakMemoryBytes)),
    } as const,
  };
}

function toResult(outcome: Outcome | FollowerOutcome) {
  if (outcome.kind !== 'succeeded') return { rows: 0, bytes: 0 };
  const { rows, bytes, datasetJson } = outcome.result;
  const dataset: unknown = datasetJson === '' ? undefined : JSON.parse(datasetJson);
  return { rows, bytes, ...(dataset !== undefined && { dataset }) };
}

function toFollowerEnd(end: FollowerOutcome, peakMemoryBytes: number): FollowerEnd {
  const { taskId, kind } = end;
  const result = { ...toResult(end), peakMemoryBytes };
  if (kind === 'succeeded') return { taskId, outcome: { kind, rows: end.result.rows }, result };
  const { code, message, retryable } = end.failure;
  return { taskId, outcome: { kind, failure: { code, message }, retryable }, result };
}

function toEngine(outcome: Outcome): EngineOutcome {
  if (outcome.kind === 'succeeded') {
    const { rows, isVoid = false } = outcome.result;
    const failedItems = outcome.result.failedItems.map(({ index, failure }) => {
      const { code, message, retryable } = failure;
      return { index, failure: { code, message }, retryable };
    });
    const told = { ...(isVoid && { isVoid }), ...(failedItems.length > 0 && { failedItems }) };
    return { kind: 'succeeded', rows, ...told };
  }
  if (outcome.kind === 'handed_back') return { kind: 'handed_back' };
  const { code, message, retryable, details } = outcome.failure;
  const failure = { code, message, details };
  switch (outcome.cause) {
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'lost':
      return { kind: 'lost', failure };
    case 'timed_out':
      return { kind: 'timed_out', failure };
    case 'task':
      return { kind: 'failed', failure, retryable };
  }
}

export function toLease({ record, task, epoch }: GivenLease, token: string): Lease<SimulatedTask> {
  const { id: taskId, policy, upstream } = record.plan.graph.tasks[task]!;
  const isVoiding = record.state.tasks[task]!.voiding !== undefined;
  const { type, progressTimeoutMs: ofTask = 0 } = record.plan.workflow.tasks[task]!;
  const { runId } = record;
  const progressTimeoutMs = isVoiding ? 0 : ofTask;
  const { followers = [] } = record.state.tasks[task]!;
  const graphTasks = followers.map((index) => record.plan.graph.tasks[index]!);
  const timeoutMs = graphTasks.reduce((sum, each) => sum + each.policy.timeoutMs, policy.timeoutMs);
  return {
    runId,
    taskId,
    epoch,
    attemptId: `${runId}/${taskId}/${epoch}`,
    token,
    leaseMs: LEASE_MS,
    lane: laneOfTask(record, task),
    timeoutMs: isVoiding ? VOID_WITHIN_MS : timeoutMs,
    progressTimeoutMs,
    work: {
      type,
      runId,
      taskId,
      epoch,
      isVoiding,
      progressTimeoutMs,
      upstream: upstream.map((index) => record.plan.graph.tasks[index]!.id),
      ...itemsOf({ record, task, epoch }),
      followers: graphTasks.map(({ id }) => id),
      recipes: isVoiding ? [] : [task, ...followers].flatMap((each) => recipeOf(record, each)),
    },
  };
}

function recipeOf({ plan, details }: RunRecord, task: number): Recipe[] {
  const { id: taskId, config, inputs } = plan.workflow.tasks[task]!;
  const text = textOf(config);
  if (text === undefined) return [];
  const lying = inputs.map((name) => {
    const reference = details[plan.taskIndexes.get(name)!]!.dataset;
    return { taskId: name, uri: (reference as DatasetReference | undefined)?.uri };
  });
  return [{ taskId, text, inputs: lying }];
}

function itemsOf({ record, task, epoch }: GivenLease): Pick<SimulatedTask, 'items' | 'partition'> {
  const { items } = record.state.tasks[task]!;
  const chunk = items?.live.find((each) => each.epoch === epoch);
  if (chunk === undefined) return {};
  const indexes = parseRanges(chunk.items);
  const { work } = record.plan.graph.tasks[task]!;
  if (work.kind !== 'items' || work.source.from !== 'partitions') return { items: indexes };
  const partition = { isLead: indexes.length === 0, snapshot: items?.handout };
  return { items: indexes, partition };
}
