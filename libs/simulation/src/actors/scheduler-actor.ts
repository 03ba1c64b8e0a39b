/**
 * A scheduler: the production code of `libs/scheduling` over modelled ports, and the little that a scheduler process
 * puts around it: the translation of calls.
 */
import type { ExchangeAnswer, ExchangeRequest, Renewal, Verdict } from '@floe/execution';
import type { RetryFrom } from '@floe/engine';
import { FloeError } from '@floe/errors';
import {
  LEASE_MS,
  childRelays,
  retriedRecord,
  startFollowing,
  startScheduling,
  type CommitResult,
  type ExchangeRequest as GivenRequest,
  type ExchangeResult,
  type NewRun,
  type Parent,
  type PlanOf,
  type Relays,
  type RunCommitter,
  type RunRecord,
  type RunStore,
  type Scheduling,
  type SlotRun,
} from '@floe/scheduling';
import type { Workflow } from '@floe/workflow';
import type { Act } from '../scenario/scenario.ts';
import { ScheduleStoreModel } from '../postgres/schedule-store-model.ts';
import { RunStoreModel } from '../postgres/run-store-model.ts';
import { Process } from '../world/process.ts';
import { publisherFor, type Subscribers } from './publisher.ts';
import type { SimulatedTask } from './simulated-task.ts';
import { logFor } from './log.ts';
import { targetsOf } from './targets.ts';
import { hashOf, newRecord, planFor, toFinished, toInput, toLease } from './scheduler-messages.ts';
import type { World } from './world.ts';

export type StartedRun = { readonly runId: string; readonly alreadyStarted: boolean };

export class SchedulerActor {
  readonly name: string;
  readonly process: Process;
  readonly #world: World;
  readonly #store: RunStore;
  readonly #scheduling: Scheduling;
  readonly #life: number;
  #created = 0;

  constructor(world: World, name: string, subscribers: Subscribers) {
    const { time, seams, database, faults, story } = world;
    this.#world = world;
    this.name = name;
    this.#life = time.now;
    const process = new Process(name, time);
    this.process = process;
    const who = { name };
    const store = new RunStoreModel({ server: database, process, time, faults });
    this.#store = seams.store?.(store, who) ?? store;
    const publisher = publisherFor(world, process, subscribers);
    const dice = world.diceOf(name);
    const targets = targetsOf(world, process);
    this.#scheduling = startScheduling({
      store: this.#store,
      publisher: seams.publisher?.(publisher, who) ?? publisher,
      planOf: unknownPlan,
      timers: { after: (ms, callback) => process.after(ms, callback) },
      chance: { random: () => dice.next(), newSpanId: () => '0000000000000001' },
      log: logFor(story, name),
      relays: (committer) => {
        const relays = this.#relaysOver(committer);
        return seams.relays?.(relays, who) ?? relays;
      },
      targets: seams.targets?.(targets, who) ?? targets,
    });
    if (world.hasSchedules) this.#follow();
  }

  /** As the scheduler does besides, where there is something to follow. */
  #follow(): void {
    const { time, seams, database, faults, story } = this.#world;
    const { process, name } = this;
    const store = new ScheduleStoreModel({ server: database, process, time, faults });
    startFollowing(
      {
        store: seams.scheduleStore?.(store, { name }) ?? store,
        committer: this.#scheduling.committer,
        runOfSlot: async (wanted) => this.#runOfSlot(wanted),
        newId: () => this.#newId(),
        zones: { find: () => undefined },
        log: logFor(story, name),
      },
      { after: (ms, callback) => process.after(ms, callback) },
    );
  }

  #runOfSlot({ workflowName, slot, requestId, trigger }: SlotRun): NewRun {
    const workflow = this.#world.library.get(workflowName);
    if (workflow === undefined)
      throw new FloeError('WORKFLOW_NOT_FOUND', `no workflow is named ${workflowName}`);
    const runId = `${trigger}.${workflowName}.${slot}.${this.#newId()}`;
    const record = newRecord(runId, this.#planOf(workflow));
    return { record: { ...record, trigger }, requestId };
  }

  /** Another scheduler of the same name makes others: it has another life. */
  #newId(): string {
    this.#created += 1;
    return `${this.name}.${this.#life}.${this.#created}`;
  }

  /** StartRun: the same request id answers the same run. */
  async startRun(workflow: Workflow, requestId: string): Promise<StartedRun> {
    const known = await this.#findRequest(requestId);
    if (known !== undefined) return { runId: known, alreadyStarted: true };
    this.#created += 1;
    const runId = `${requestId.replace('request', 'run')}.${this.name}.${this.#created}`;
    const record = newRecord(runId, this.#planOf(workflow));
    return this.#create({ record, requestId, requestDigest: '' });
  }

  async #create(newRun: NewRun & { readonly requestId: string }): Promise<StartedRun> {
    const { record, requestId } = newRun;
    const { runId } = record;
    const result = await this.#scheduling.committer.create(newRun);
    if (result.kind !== 'missing') return { runId, alreadyStarted: false };
    const faster = await this.#findRequest(requestId);
    if (faster !== undefined) return { runId: faster, alreadyStarted: true };
    throw new FloeError('INTERNAL', `run ${runId} was not stored`);
  }

  /** RetryRun. */
  async retryRun(ended: RunRecord, retry: RetryFrom, requestId: string): Promise<StartedRun> {
    const known = await this.#findRequest(requestId);
    if (known !== undefined) return { runId: known, alreadyStarted: true };
    const { seams, retriesAsked } = this.#world;
    const runId = `${requestId}.${this.#newId()}`;
    retriesAsked.set(runId, retry);
    const read = seams.retry?.(retry) ?? retry;
    const fresh = { ...newRecord(runId, ended.plan), trigger: 'retry' };
    const { record } = retriedRecord({ fresh, ended, retry: read });
    const again = { ...read, ended: ended.state };
    return this.#create({ record, requestId, requestDigest: '', retry: again });
  }

  act(runId: string, act: Act): Promise<CommitResult> {
    const { seams } = this.#world;
    const input = toInput(act);
    return this.#scheduling.committer.submit(runId, seams.input?.(input) ?? input);
  }

  async exchange(
    executorId: string,
    request: ExchangeRequest,
  ): Promise<ExchangeAnswer<SimulatedTask>> {
    const wanted = this.#wanted(executorId, request);
    return this.#told(executorId, request, await this.#scheduling.committer.exchange(wanted));
  }

  async offer(
    executorId: string,
    request: ExchangeRequest,
    waitMs: number,
  ): Promise<ExchangeAnswer<SimulatedTask>> {
    const wanted = this.#wanted(executorId, request);
    const result = await this.#scheduling.committer.offer(wanted, waitMs);
    if (result === undefined) return { accepted: [], leases: [], moreReady: false };
    return this.#told(executorId, request, result);
  }

  recallOffer(executorId: string, token: string): void {
    this.#scheduling.committer.recallOffer(executorId, hashOf(token));
  }

  #wanted(executorId: string, request: ExchangeRequest): GivenRequest {
    const { seams, database } = this.#world;
    const wanted = {
      executorId,
      pool: 'default',
      labels: [],
      tokenHash: hashOf(request.token),
      isRepeated: request.repeated,
      free: request.free,
      finished: request.finished.map(toFinished),
      ...(request.answerBy !== undefined && { answerBy: request.answerBy }),
    };
    return seams.exchange?.(wanted, database.tables) ?? wanted;
  }

  #told(
    executorId: string,
    request: ExchangeRequest,
    { accepted, leases, moreReady, decidedAt }: ExchangeResult,
  ): ExchangeAnswer<SimulatedTask> {
    const given = leases.map(({ record, task, epoch }) => ({ runId: record.runId, task, epoch }));
    this.#tellExchange(executorId, request, given);
    const tokenHash = hashOf(request.token);
    this.#world.onExchanged({ by: this.name, tokenHash, leases: given });
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
    await this.#handOut(renewals.filter((_, index) => verdicts[index]!.isHeld));
    return verdicts.map(({ isHeld, isCancelled }) => ({ held: isHeld, cancel: isCancelled }));
  }

  /** As the scheduler does when a lead renews its lease. */
  async #handOut(held: readonly Renewal[]): Promise<void> {
    const { committer } = this.#scheduling;
    const told = held.flatMap(({ runId, taskId, epoch, progress: { handout } }) => {
      if (handout === undefined) return [];
      return [committer.submit(runId, { type: 'hand_out', taskId, epoch, handout })];
    });
    await Promise.all(told);
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

  #relaysOver(committer: RunCommitter): Relays {
    const { database } = this.#world;
    return childRelays({
      committer,
      loadRun: (runId) =>
        database.ask(this.process, () => database.tables.runs.get(runId), { what: 'load run' }),
      findRunByRequestId: (requestId) => this.#findRequest(requestId),
      childOf: async (record, parent) => this.#childOf(record, parent),
    });
  }

  #childOf(record: RunRecord, { runId, task, epoch }: Parent): RunRecord {
    const name = String(record.plan.workflow.tasks[task]!.config['workflow']);
    const workflow = this.#world.library.get(name);
    if (workflow === undefined)
      throw new FloeError('WORKFLOW_NOT_FOUND', `no workflow is named ${name}`);
    this.#created += 1;
    const childId = `child.${runId}.${task}.${epoch}.${this.name}.${this.#created}`;
    return newRecord(childId, this.#planOf(workflow), record.depth + 1);
  }

  #planOf(workflow: Workflow): RunRecord['plan'] {
    return planFor(this.#world.seams.workflow?.(workflow) ?? workflow);
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
