import { decide, type Command, type RunState } from '@floe/engine';
import { newSpanId } from '@floe/telemetry';
import type { RunRecord, TaskDetail } from '../runs/run-record.ts';
import { endsRun, type Batch } from './batch.ts';
import { toEngineInput, type CommitInput, type CommitResult } from './commit-input.ts';

/** Feeds one input to the engine and adds the rows that follow from it to the batch. */
export function applyInput(
  record: RunRecord,
  input: CommitInput,
  context: { readonly batch: Batch; readonly now: number; readonly random: number },
): CommitResult {
  const refusal = refuseToken(record, input);
  if (refusal !== undefined) return refusal;
  const { batch, now, random } = context;
  const decision = decide(record.plan.graph, record.state, toEngineInput(input), { now, random });
  if (decision.kind === 'refused') {
    if (isRepeat(record, input)) return { kind: 'repeated', record };
    return { kind: 'refused', refusal: decision.refusal, record };
  }
  const writer = new CommandWriter(batch, input, now);
  const after = writer.write(
    withResult({ ...record, state: decision.state }, input),
    decision.commands,
  );
  batch.touch(after, decision.tasks);
  return { kind: 'changed', record: after };
}

/** Only the holder of the attempt's token may end it. */
function refuseToken(record: RunRecord, input: CommitInput): CommitResult | undefined {
  if (input.type !== 'finish') return undefined;
  const detail = record.details[input.task];
  const isCurrent = record.state.tasks[input.task]?.epoch === input.epoch;
  if (!isCurrent || detail?.tokenHash === undefined || detail.tokenHash === input.tokenHash)
    return undefined;
  return { kind: 'refused', refusal: 'wrong_token', record };
}

/** The answer to the same input was lost: the claim is held by the one who claims, the outcome is the one that counts. */
function isRepeat(record: RunRecord, input: CommitInput): boolean {
  if (input.type === 'claim') return holdsAttempt(record, input);
  if (input.type !== 'finish') return false;
  const last = record.details[input.task]?.lastEnd;
  if (last === undefined || last.epoch !== input.epoch || last.tokenHash !== input.tokenHash)
    return false;
  return last.end === input.outcome.kind;
}

function holdsAttempt(record: RunRecord, claim: CommitInput & { type: 'claim' }): boolean {
  const task = record.state.tasks[claim.task];
  const detail = record.details[claim.task];
  const isRunning = task?.status === 'running' && task.epoch === claim.epoch;
  return (
    isRunning && detail?.executorId === claim.executorId && detail.tokenHash === claim.tokenHash
  );
}

function withResult(record: RunRecord, input: CommitInput): RunRecord {
  if (input.type === 'claim') {
    return withDetail(record, input.task, {
      executorId: input.executorId,
      tokenHash: input.tokenHash,
    });
  }
  if (input.type !== 'finish') return record;
  const { rows, bytes, peakMemoryBytes, dataset } = input.result;
  const isSuccess = input.outcome.kind === 'succeeded';
  return withDetail(record, input.task, {
    peakMemoryBytes,
    ...(isSuccess && { rows, bytes }),
    ...(isSuccess && dataset !== undefined && { dataset }),
  });
}

export function withDetail(
  record: RunRecord,
  task: number,
  change: Partial<TaskDetail>,
): RunRecord {
  const details = record.details.slice();
  details[task] = { ...details[task]!, ...change };
  return { ...record, details };
}

/** Turns the commands of one decision into rows, in order. */
class CommandWriter {
  readonly #batch: Batch;
  readonly #input: CommitInput;
  readonly #now: number;

  constructor(batch: Batch, input: CommitInput, now: number) {
    this.#batch = batch;
    this.#input = input;
    this.#now = now;
  }

  write(record: RunRecord, commands: readonly Command[]): RunRecord {
    let after = record;
    for (const command of commands) {
      after = this.#writeOne(after, command);
      if (endsRun(command)) this.#batch.trace(after);
    }
    return after;
  }

  #writeOne(record: RunRecord, command: Command): RunRecord {
    switch (command.type) {
      case 'dispatch':
        return this.#dispatch(record, command);
      case 'attempt_claimed':
        this.#claimed(record, command);
        return record;
      case 'attempt_ended':
        return this.#ended(record, command);
      case 'stop_attempt':
        this.#batch.stop(record, command.task, command.epoch);
        return record;
      case 'task_event':
        return this.#batch.event(
          record,
          { type: `task.${command.event}`, task: command.task },
          this.#now,
        );
      case 'ask_approval':
      case 'start_child':
      case 'cancel_child':
        return record;
      case 'run_event':
        return this.#batch.event(record, { type: runEventType(command.event) }, this.#now);
    }
  }

  #dispatch(record: RunRecord, command: Command & { type: 'dispatch' }): RunRecord {
    const attemptSpanId = newSpanId();
    const spec = record.plan.workflow.tasks[command.task]!;
    this.#batch.attempts.push({
      run_id: record.runId,
      task_index: command.task,
      epoch: command.epoch,
      number: command.number,
      pool: spec.pool,
      priority: spec.priority,
      span_id: attemptSpanId,
      ready_at: this.#iso(),
    });
    const change = { attemptSpanId, executorId: undefined, tokenHash: undefined };
    const after = withDetail(record, command.task, change);
    this.#batch.hint(after, command.task, command.epoch);
    return after;
  }

  #claimed(record: RunRecord, command: Command & { type: 'attempt_claimed' }): void {
    const { executorId, tokenHash } = record.details[command.task]!;
    this.#batch.claims.push({
      run_id: record.runId,
      task_index: command.task,
      epoch: command.epoch,
      executor_id: executorId ?? '',
      token_hash: tokenHash ?? '',
      claimed_at: this.#iso(),
    });
  }

  #ended(record: RunRecord, command: Command & { type: 'attempt_ended' }): RunRecord {
    const detail = record.details[command.task]!;
    const isSuccess = command.end === 'succeeded';
    const result = this.#input.type === 'finish' ? this.#input.result : undefined;
    this.#batch.ends.push({
      run_id: record.runId,
      task_index: command.task,
      epoch: command.epoch,
      state: command.end,
      ended_at: this.#iso(),
      failure: command.failure ?? null,
      rows: result?.rows ?? 0,
      bytes: result?.bytes ?? 0,
      peak_memory_bytes: result?.peakMemoryBytes ?? 0,
    });
    const { epoch, end } = command;
    const lastEnd = {
      epoch,
      end,
      ...(detail.tokenHash !== undefined && { tokenHash: detail.tokenHash }),
    };
    const after = withDetail(record, command.task, { lastEnd });
    if (!isSuccess || detail.dataset === undefined) return after;
    return this.#batch.event(after, { type: 'dataset.created', task: command.task }, this.#now);
  }

  #iso(): string {
    return new Date(this.#now).toISOString();
  }
}

/** `running` is told as `run.started`: what subscribers wait for is the moment, not the state. */
export function runEventType(status: RunState['status']): string {
  return status === 'running' ? 'run.started' : `run.${status}`;
}
