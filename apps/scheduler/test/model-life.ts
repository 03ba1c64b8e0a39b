/** What tests of the model of the store do with it and with PostgreSQL alike. */
import { newRunState } from '@floe/engine';
import {
  RunCommitter,
  toRunPlan,
  type ExchangeRequest,
  type ExchangeResult,
  type NewRun,
  type RunPlan,
  type RunRecord,
  type RunStore,
} from '@floe/scheduling';
import type { Task, Workflow } from '@floe/workflow';

export function task(id: string, change: Partial<Task>): Task {
  return {
    id,
    type: 'noop',
    description: '',
    inputs: [],
    needs: [],
    config: {},
    retries: { max: 1, delayMs: 0, backoff: 1, maxDelayMs: 0, jitter: 0 },
    timeoutMs: 60_000,
    queueTimeoutMs: 60_000,
    pool: 'default',
    priority: 0,
    trigger: 'all_succeeded',
    ...change,
  };
}

const LOAD = { lane: 'slot', commitsOnce: true } as const;
const LIGHT = { lane: 'light' } as const;

export function planFor(workflow: Workflow): RunPlan {
  return toRunPlan(workflow, (type) => (type === 'postgres_load' ? LOAD : LIGHT));
}

export function newRun(plan: RunPlan, runId: string, requestId: string): NewRun {
  const { name, timeoutMs, tasks } = plan.workflow;
  const record: RunRecord = {
    runId,
    workflowName: name,
    workflowVersion: 1,
    generation: 1,
    depth: 0,
    trigger: 'manual',
    parameters: {},
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: 1,
    revision: 1,
    eventSequence: 0,
    plan,
    state: newRunState(plan.graph, { now: 0, timeoutMs }),
    details: tasks.map((_, index) => ({
      spanId: `00f067aa0ba902b${index}`,
      rows: 0,
      bytes: 0,
      peakMemoryBytes: 0,
    })),
    rowsLoaded: 0,
  };
  return { record, requestId, requestDigest: 'digest' };
}

type Offer = Partial<ExchangeRequest> & { readonly token: string };

export function exchange({ token, ...offer }: Offer): ExchangeRequest {
  return {
    executorId: 'executor-1',
    pool: 'default',
    labels: [],
    tokenHash: token,
    isRepeated: false,
    free: { slot: 1, light: 2 },
    finished: [],
    ...offer,
  };
}

export function finished(
  runId: string,
  taskId: string,
  token: string,
): ExchangeRequest['finished'][number] {
  const result = { rows: 7, bytes: 70, peakMemoryBytes: 700 };
  const outcome = { kind: 'succeeded' } as const;
  return { runId, input: { type: 'finish', taskId, epoch: 1, tokenHash: token, outcome, result } };
}

export function told({ accepted, leases, moreReady }: ExchangeResult) {
  const given = leases.map(({ record, task: index, epoch }) => `${record.runId}/${index}/${epoch}`);
  return { accepted, given, moreReady };
}

/** What of a run can be compared: everything but its times. */
export function shape(record: RunRecord | undefined) {
  if (record === undefined) return undefined;
  const { state, revision, eventSequence, rowsLoaded, details } = record;
  return {
    revision,
    eventSequence,
    rowsLoaded,
    status: state.status,
    tasks: state.tasks.map(({ status, epoch, attempts, losses }, index) => {
      const { rows, bytes, executorId = 'nobody', lastEnd } = details[index]!;
      return { status, epoch, attempts, losses, rows, bytes, executorId, end: lastEnd?.end };
    }),
  };
}

/** A committer over a store, as a scheduler has one. Span ids are counted, so that they are the same over each store. */
export function committersOf(store: RunStore, plan: RunPlan): () => RunCommitter {
  const planOf = () => Promise.resolve(plan);
  let spans = 0;
  const newSpanId = () => `00f067aa0ba9${String((spans += 1)).padStart(4, '0')}`;
  const chance = { random: () => 0, newSpanId };
  const log = { info() {}, warn() {}, error() {} };
  // No executor waits here.
  const timers = { after: () => () => undefined };
  return () => new RunCommitter({ store, planOf, chance, timers, log, onCommitted: () => {} });
}
