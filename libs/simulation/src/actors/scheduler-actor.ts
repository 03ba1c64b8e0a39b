/**
 * A scheduler: the production code of `libs/scheduling` over modelled ports, and the little that a scheduler process
 * puts around it: the translation of calls.
 */
import type { Outcome as EngineOutcome } from '@floe/engine';
import { newRunState, VOID_WITHIN_MS } from '@floe/engine';
import type {
  ExchangeAnswer,
  ExchangeRequest,
  Finish,
  Lease,
  Outcome,
  Renewal,
  Verdict,
} from '@floe/execution';
import { FloeError } from '@floe/errors';
import {
  LEASE_MS,
  laneOfTask,
  startScheduling,
  toRunPlan,
  type Lease as GivenLease,
  type PlanOf,
  type RunPlan,
  type RunRecord,
  type RunStore,
  type Scheduling,
  type SubmittedInput,
} from '@floe/scheduling';
import type { Workflow } from '@floe/workflow';
import type { Act } from '../scenario/scenario.ts';
import { RunStoreModel } from '../postgres/run-store-model.ts';
import { Process } from '../world/process.ts';
import { publisherFor, type Subscribers } from './publisher.ts';
import type { SimulatedTask } from './simulated-task.ts';
import { logFor } from './log.ts';
import type { World } from './world.ts';

export type StartedRun = { readonly runId: string; readonly alreadyStarted: boolean };

export class SchedulerActor {
  readonly name: string;
  readonly process: Process;
  readonly #world: World;
  readonly #store: RunStore;
  readonly #scheduling: Scheduling;
  #created = 0;

  constructor(world: World, name: string, subscribers: Subscribers) {
    const { time, seams, database, faults, story } = world;
    this.#world = world;
    this.name = name;
    const process = new Process(name, time);
    this.process = process;
    const who = { name };
    const store = new RunStoreModel({ server: database, process, time, faults });
    this.#store = seams.store?.(store, who) ?? store;
    const publisher = publisherFor(world, process, subscribers);
    const dice = world.diceOf(name);
    this.#scheduling = startScheduling({
      store: this.#store,
      publisher: seams.publisher?.(publisher, who) ?? publisher,
      planOf: unknownPlan,
      timers: { after: (ms, callback) => process.after(ms, callback) },
      chance: { random: () => dice.next(), newSpanId: () => '0000000000000001' },
      log: logFor(story, name),
    });
  }

  /** StartRun: the same request id answers the same run. */
  async startRun(workflow: Workflow, requestId: string): Promise<StartedRun> {
    const known = await this.#findRequest(requestId);
    if (known !== undefined) return { runId: known, alreadyStarted: true };
    this.#created += 1;
    const runId = `${requestId.replace('request', 'run')}.${this.name}.${this.#created}`;
    const record = newRecord(runId, planFor(workflow));
    const newRun = { record, requestId, requestDigest: '' };
    const result = await this.#scheduling.committer.create(newRun);
    if (result.kind !== 'missing') return { runId, alreadyStarted: false };
    const faster = await this.#findRequest(requestId);
    if (faster !== undefined) return { runId: faster, alreadyStarted: true };
    throw new FloeError('INTERNAL', `run ${runId} was not stored`);
  }

  async act(runId: string, act: Act): Promise<void> {
    await this.#scheduling.committer.submit(runId, toInput(act));
  }

  async exchange(
    executorId: string,
    request: ExchangeRequest,
  ): Promise<ExchangeAnswer<SimulatedTask>> {
    const { seams, database } = this.#world;
    const wanted = {
      executorId,
      pool: 'default',
      tokenHash: hashOf(request.token),
      isRepeated: request.repeated,
      free: request.free,
      finished: request.finished.map(toFinished),
      ...(request.answerBy !== undefined && { answerBy: request.answerBy }),
    };
    const { accepted, leases, moreReady, decidedAt } = await this.#scheduling.committer.exchange(
      seams.exchange?.(wanted, database.tables) ?? wanted,
    );
    const given = leases.map(({ record, task, epoch }) => ({ runId: record.runId, task, epoch }));
    this.#tellExchange(executorId, request, given);
    this.#world.onExchanged({ by: this.name, tokenHash: wanted.tokenHash, leases: given });
    const told = leases.map((lease) => toLease(lease, request.token));
    return { accepted, leases: told, moreReady, decidedAt };
  }

  async renew(renewals: readonly Renewal[]): Promise<readonly Verdict[]> {
    const verdicts = await this.#store.renewLeases(
      renewals.map(({ token, progress, ...rest }) => ({
        ...rest,
        ...progress,
        tokenHash: hashOf(token),
      })),
      LEASE_MS,
    );
    return verdicts.map(({ isHeld, isCancelled }) => ({ held: isHeld, cancel: isCancelled }));
  }

  #tellExchange(
    executorId: string,
    { repeated, finished }: ExchangeRequest,
    given: readonly { readonly runId: string; readonly task: number; readonly epoch: number }[],
  ): void {
    const { story } = this.#world;
    if (!story.isKept || finished.length + given.length === 0) return;
    const ended = finished.map(({ lease, outcome }) => {
      return `${lease.runId}/${lease.taskId} epoch ${lease.epoch} ${outcome.kind}`;
    });
    const taken = given.map(({ runId, task, epoch }) => `${runId}/${task} epoch ${epoch}`);
    const again = repeated ? ' again' : '';
    story.tell(
      this.name,
      `exchanges${again} with ${executorId}: [${ended.join(', ')}] for [${taken.join(', ')}]`,
    );
  }

  #findRequest(requestId: string): Promise<string | undefined> {
    const { database } = this.#world;
    const find = () => database.tables.requests.get(requestId);
    return database.ask(this.process, find, { what: 'find request' });
  }
}

/** Runs are stored with their plans, so nobody has to look for one. */
const unknownPlan: PlanOf = (name) =>
  Promise.reject(new FloeError('VERSION_NOT_FOUND', `there is no workflow ${name}`));

const LOAD = { lane: 'slot', commitsOnce: true } as const;
const LIGHT = { lane: 'light' } as const;

const PLANS = new WeakMap<Workflow, RunPlan>();

function planFor(workflow: Workflow): RunPlan {
  const known = PLANS.get(workflow);
  if (known !== undefined) return known;
  const plan = toRunPlan(workflow, (type) => (type === 'postgres_load' ? LOAD : LIGHT));
  PLANS.set(workflow, plan);
  return plan;
}

function newRecord(runId: string, plan: RunPlan): RunRecord {
  const { name, timeoutMs } = plan.workflow;
  return {
    runId,
    workflowName: name,
    workflowVersion: 1,
    generation: 1,
    depth: 0,
    trigger: 'manual',
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

function toInput(act: Act): SubmittedInput {
  if (act.type !== 'cancel') return { type: act.type };
  const { graceMs } = act;
  return { type: 'cancel', reason: 'asked for', ...(graceMs !== undefined && { graceMs }) };
}

/** As the tables have it. */
export function hashOf(token: string): string {
  return `#${token}`;
}

function toFinished({ lease, outcome, peakMemoryBytes }: Finish) {
  const { runId, taskId, epoch, token } = lease;
  const { rows, bytes } = outcome.kind === 'succeeded' ? outcome.result : { rows: 0, bytes: 0 };
  const result = { rows, bytes, peakMemoryBytes };
  const tokenHash = hashOf(token);
  return {
    runId,
    input: {
      type: 'finish',
      taskId,
      epoch,
      tokenHash,
      outcome: toEngine(outcome),
      result,
    } as const,
  };
}

function toEngine(outcome: Outcome): EngineOutcome {
  if (outcome.kind === 'succeeded') {
    const { isVoid = false } = outcome.result;
    return { kind: 'succeeded', ...(isVoid && { isVoid }) };
  }
  if (outcome.kind === 'handed_back') return { kind: 'handed_back' };
  const { code, message, retryable } = outcome.failure;
  const failure = { code, message };
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

function toLease({ record, task, epoch }: GivenLease, token: string): Lease<SimulatedTask> {
  const { id: taskId, policy } = record.plan.graph.tasks[task]!;
  const isVoiding = record.state.tasks[task]!.voiding !== undefined;
  const { type } = record.plan.workflow.tasks[task]!;
  const { runId } = record;
  return {
    runId,
    taskId,
    epoch,
    attemptId: `${runId}/${taskId}/${epoch}`,
    token,
    leaseMs: LEASE_MS,
    lane: laneOfTask(record, task),
    timeoutMs: isVoiding ? VOID_WITHIN_MS : policy.timeoutMs,
    progressTimeoutMs: 0,
    work: { type, runId, taskId, epoch, isVoiding },
  };
}
