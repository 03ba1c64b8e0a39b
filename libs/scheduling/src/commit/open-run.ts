/**
 * A run while a transaction decides about it.
 *
 *   R1. Inputs are decided in order; nothing is visible outside before `close`.
 *   R2. An input costs what it changes, never a walk over all tasks of the run (`openDraft` keeps the same promise).
 *   R3. Every event shows the run and the task as they were right after the input that caused it.
 */
import { isRunEnded, openDraft } from '@floe/engine';
import type { ChildEnd, Command, RunDraft, RunHead, TaskStatus } from '@floe/engine';
import type { EventBatch, RunFacts } from '../events/run-event.ts';
import { priorityWithin, rankAt } from '../lane.ts';
import type { Chance, ResultWish } from '../ports.ts';
import { placeOfTask } from '../runs/places.ts';
import type { RelayNote } from '../runs/relay-note.ts';
import { isLoad, laneOf, type RunRecord, type TaskDetail } from '../runs/run-record.ts';
import type { BatchRows } from './batch-rows.ts';
import { toEngineInput, type CommitInput, type FinishInput, type Verdict } from './commit-input.ts';
import { endOf } from './run-facts.ts';
import { RunStory } from './run-story.ts';
import { TaskDetails } from './task-details.ts';
import { isWhole, partitionOf, withPreference } from './open-partitions.ts';
import { LEASE_MS } from '../limits.ts';
import { resultToKeep, wishForResult, type RunView } from '../results/task-result.ts';

export type DecideContext = {
  readonly rows: BatchRows;
  readonly now: number;
  readonly chance: Chance;
};

export class OpenRun {
  readonly record: RunRecord;
  readonly isNew: boolean;
  readonly #context: DecideContext;
  readonly #draft: RunDraft;
  readonly #view: RunView;
  readonly #details: TaskDetails;
  readonly #story: RunStory;
  #rowsLoaded: number;
  #hasChanged: boolean;

  constructor(record: RunRecord, context: DecideContext, isNew: boolean) {
    this.record = record;
    this.isNew = isNew;
    this.#context = context;
    this.#draft = openDraft(record.plan.graph, record.state);
    this.#details = new TaskDetails(record);
    this.#story = new RunStory(record, this.#draft, this.#details);
    const task = (index: number) => this.#draft.task(index);
    this.#view = { record, task, detail: (index) => this.detail(index) };
    this.#rowsLoaded = record.rowsLoaded;
    this.#hasChanged = isNew;
    if (isNew) this.#story.tellQueued();
  }

  apply(input: CommitInput): Verdict {
    if (this.#isForged(input)) return { kind: 'refused', refusal: 'wrong_token' };
    const { now, chance } = this.#context;
    const partition = partitionOf(this.record.plan, input, this.#draft);
    const engineInput = toEngineInput(
      withPreference(this.record.plan, input, (task) => this.detail(task)),
    );
    const applied = this.#draft.apply(engineInput, { now, random: chance.random() });
    if (applied.kind === 'refused') return this.#isRepeat(input) ? { kind: 'repeated' } : applied;
    this.#hasChanged = true;
    this.#takeResult(input, partition);
    for (const command of applied.commands) this.#write(command, input);
    if (input.type === 'finish' && input.followers !== undefined) this.#endFollowers(input);
    return { kind: 'changed' };
  }

  /** What to look for before an attempt of the task is given out; undefined where nothing is kept of it. */
  wishFor(task: number): ResultWish | undefined {
    return wishForResult(this.#view, task);
  }

  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  /** The run as the inputs have made it. */
  close(): { readonly record: RunRecord; readonly tasks: readonly number[] } {
    const { state, tasks } = this.#draft.finish();
    const details = this.#details.all();
    const eventSequence = this.record.eventSequence + this.#story.length;
    const rowsLoaded = this.#rowsLoaded;
    const changed = new Set([...tasks, ...this.#details.changedTasks]);
    return {
      record: { ...this.record, state, details, eventSequence, rowsLoaded },
      tasks: [...changed],
    };
  }

  /** What happened, numbered after the events of earlier transactions; undefined when nothing did. */
  events(): EventBatch | undefined {
    return this.#story.batch(this.#context.now);
  }

  detail(task: number): TaskDetail {
    return this.#details.of(task);
  }

  /** Counts and states as the inputs so far have made them. */
  get head(): RunHead {
    return this.#draft.head();
  }

  /** Only the holder of the attempt's token may end it. */
  #isForged(input: CommitInput): boolean {
    if (input.type !== 'finish') return false;
    if (this.record.details[input.task] === undefined) return false;
    const { tokenHash } = this.#details.holderOf(input);
    if (tokenHash === undefined || tokenHash === input.tokenHash) return false;
    return (
      this.#details.goesThroughItems(input.task) ||
      this.#draft.task(input.task).epoch === input.epoch
    );
  }

  /** The answer to the same input was lost: the outcome is the one that counts already. */
  #isRepeat(input: CommitInput): boolean {
    if (input.type !== 'finish' || this.record.details[input.task] === undefined) return false;
    const { lastEnd } = this.detail(input.task);
    if (lastEnd?.epoch !== input.epoch || lastEnd.tokenHash !== input.tokenHash) return false;
    return lastEnd.end === endOf(input.outcome.kind);
  }

  #takeResult(input: CommitInput, partition: number | undefined): void {
    if (input.type === 'claim') {
      const { executorId, tokenHash } = input;
      const attemptSpanId = this.#context.chance.newSpanId();
      this.#details.addHolder(input, { executorId, tokenHash, attemptSpanId });
    } else if (input.type === 'finish') {
      if (partition === undefined) this.#takeFinish(input);
      else this.#details.takePart(input, partition);
    } else if (input.type === 'answer') {
      this.#details.change(input.task, { answer: { ...input.answer, at: this.#context.now } });
    } else if (input.type === 'reuse') {
      const { rows, bytes, dataset, runId: knownFrom } = input.known;
      this.#details.change(input.task, { rows, bytes, dataset, knownFrom });
    } else if (input.type === 'ruled_out' && !input.isVoid) {
      const { task, rows, bytes } = input;
      this.#details.change(task, { rows, bytes });
      this.#rowsLoaded += rows;
    }
  }

  #takeFinish({ task, result, outcome }: FinishInput): void {
    const isSuccess = outcome.kind === 'succeeded';
    this.#details.takeResult(task, result, isSuccess);
    if (!isSuccess) return;
    if (isLoad(this.record.plan.workflow.tasks[task]!.type)) this.#rowsLoaded += result.rows;
    const kept = resultToKeep(this.#view, task, this.#context.now);
    if (kept !== undefined) this.#context.rows.results.push(kept);
  }

  #write(command: Command, input: CommitInput): void {
    switch (command.type) {
      case 'dispatch':
        return this.#ready(command.task, command.epoch);
      case 'attempt_claimed':
        return this.#claimed(command, input);
      case 'attempt_ended':
        return this.#ended(command, input);
      case 'stop_attempt':
        return this.#stop(command.task, command.epoch);
      case 'task_event':
        return this.#tellTask(command.task, command.event);
      case 'task_recalled':
        return this.#recall(command);
      case 'ask_approval':
        // Whoever watches the run sees that the task runs; the answer comes by an RPC.
        return;
      case 'start_child':
      case 'cancel_child':
        return this.#relayToChild(command);
      case 'run_event':
        return this.#tellRun(command.event);
    }
  }

  #ready(task: number, epoch: number): void {
    this.#details.release(task);
    const { pool, priority } = this.record.plan.workflow.tasks[task]!;
    const lane = laneOf(this.record.plan.graph.tasks[task]!, this.#draft.task(task));
    const { now, rows } = this.#context;
    const { runId } = this.record;
    const rank = rankAt(now, priorityWithin(this.record, priority));
    rows.ready.push({ runId, task, epoch, pool, lane, rankAt: rank });
  }

  /**
   * R4. The tasks that an attempt carried out besides its own end with it, one after the other, each as an attempt of
   * its own by the same holder. The first that is not wanted any more ends this: it and those behind it are done again.
   */
  #endFollowers({ task, epoch, tokenHash, followers = [] }: FinishInput): void {
    const { executorId } = this.#details.holderOf({ task, epoch });
    const { startedAt: since, followers: led = [] } = this.#draft.task(task);
    if (executorId === undefined || since === undefined) return;
    for (const [at, { taskId, outcome, result }] of followers.entries()) {
      const index = this.record.plan.taskIndexes.get(taskId);
      if (index === undefined || index !== led[at]) return;
      const named = { task: index, epoch: this.#draft.task(index).epoch, tokenHash };
      this.#withdraw(named);
      if (this.apply({ type: 'claim', ...named, executorId, since }).kind !== 'changed') return;
      this.apply({ type: 'finish', ...named, outcome, result });
    }
  }

  /** Nobody is to be told of an attempt that has ended already. */
  #withdraw({ task, epoch }: { readonly task: number; readonly epoch: number }): void {
    const { ready } = this.#context.rows;
    const { runId } = this.record;
    const at = ready.findLastIndex(
      (each) => each.runId === runId && each.task === task && each.epoch === epoch,
    );
    if (at !== -1) ready.splice(at, 1);
  }

  #claimed(
    { task, epoch, items }: Command & { type: 'attempt_claimed' },
    input: CommitInput,
  ): void {
    const { executorId, tokenHash, attemptSpanId } = this.#details.holderOf({ task, epoch });
    const { now, rows } = this.#context;
    const { attempts, readyAt, voiding } = this.#draft.task(task);
    const placeKey = voiding === undefined ? placeOfTask(this.record, task)?.key : undefined;
    rows.claims.push({
      runId: this.record.runId,
      task,
      epoch,
      // An attempt to rule out a load is not charged.
      number: voiding === undefined ? attempts : attempts + 1,
      executorId: executorId!,
      tokenHash: tokenHash!,
      spanId: attemptSpanId!,
      readyAt: readyAt ?? now,
      claimedAt: (input.type === 'claim' ? input.since : undefined) ?? now,
      leaseUntil: now + LEASE_MS,
      ...(items !== undefined && { items }),
      ...(placeKey !== undefined && { placeKey }),
    });
  }

  #relayToChild(command: Command & { type: 'start_child' | 'cancel_child' }): void {
    const { type, task, epoch } = command;
    const note: RelayNote =
      type === 'start_child'
        ? { type, task, epoch }
        : { type, task, epoch, reason: command.reason };
    this.#relay(note);
  }

  #relay(payload: RelayNote): void {
    this.#context.rows.outbox.push({ kind: 'relay', runId: this.record.runId, payload });
  }

  #ended(command: Command & { type: 'attempt_ended' }, input: CommitInput): void {
    const { task, epoch, end, failure } = command;
    const { tokenHash } = this.#details.holderOf({ task, epoch });
    // An attempt that nobody claimed has no row.
    if (tokenHash === undefined) return;
    const {
      rows = 0,
      bytes = 0,
      peakMemoryBytes = 0,
      beganAt,
    } = input.type === 'finish' ? input.result : {};
    const { now: endedAt } = this.#context;
    this.#context.rows.ends.push({
      runId: this.record.runId,
      task,
      epoch,
      state: end,
      endedAt,
      ...(beganAt !== undefined && { beganAt: Math.min(beganAt, endedAt) }),
      ...(failure !== undefined && { failure }),
      rows,
      bytes,
      peakMemoryBytes,
    });
    this.#details.endAttempt(task, { epoch, end, tokenHash });
    if (
      end === 'succeeded' &&
      this.detail(task).dataset !== undefined &&
      isWhole(this.record.plan, task, this.#draft)
    )
      this.#story.tellDataset(task);
  }

  #stop(task: number, epoch: number): void {
    const { executorId } = this.#details.holderOf({ task, epoch });
    if (executorId === undefined) return;
    const { runId, plan } = this.record;
    const payload = { executorId, runId, taskId: plan.graph.tasks[task]!.id, epoch };
    this.#context.rows.outbox.push({ kind: 'stop', runId, payload });
  }

  #recall({ task, isKeptInPart }: Command & { type: 'task_recalled' }): void {
    const done = (isKeptInPart && this.#draft.task(task).items?.done) || '';
    this.#details.forget(task, (partition) => done[partition] === 's');
    this.#story.tellRecall(task);
  }

  #tellTask(task: number, status: TaskStatus): void {
    if (status === 'ready') this.#details.release(task);
    this.#story.tellTask(task, status);
  }

  #tellRun(status: RunFacts['status']): void {
    this.#story.tellRun(status);
    if (!isRunEnded(status)) return;
    const { failure } = this.#draft.head();
    const { runId, parent } = this.record;
    this.#context.rows.outbox.push({ kind: 'trace', runId, payload: {} });
    if (parent === undefined) return;
    const child = { status: status as ChildEnd['status'], ...(failure && { failure }) };
    this.#relay({ type: 'tell_parent', parent, child });
  }
}
