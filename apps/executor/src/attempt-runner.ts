/**
 * One attempt, from its claim to its accepted end.
 *
 * Owns: the lease of the attempt, its timers, its log, its spans and its dataset until that is accepted.
 *
 *   A1. The first reason to stop a worker is the one that is reported, except the loss of the lease, after which
 *       nothing is said at all.
 *   A2. A worker that is stopped is dead before its end is reported, and its statements have been cancelled.
 *   A3. A dataset goes when the scheduler refused the success that names it, or there is none. When no answer came it
 *       stays: the lease also ends when a success is accepted, and its dataset is the next task's input.
 *   A4. The lease is renewed until the end of the attempt is answered.
 *   A5. A password reaches the worker and nothing else: log, failure and spans are masked.
 */
import { assert, toFloeError } from '@floe/errors';
import { ATTRIBUTE } from '@floe/telemetry';
import type { FinishedSpan, Log } from '@floe/telemetry';
import type { ProgressUpdate, TaskArtifact } from '@floe/tasks/run';
import type { AttemptDependencies } from './attempt-dependencies.ts';
import { AttemptLog } from './attempt-log.ts';
import { decideOutcome, failed } from './attempt-outcome.ts';
import type { Outcome, StopReason } from './attempt-outcome.ts';
import { AttemptSpans } from './attempt-spans.ts';
import type { Claimed } from './claim-loop.ts';
import { datasetPath, makeRunFolder, removeDataset } from './datasets.ts';
import { describeEnd, describeStop } from './describe-end.ts';
import { finishAttempt, type FinishAnswer } from './finish-attempt.ts';
import { maskDeep } from './mask-deep.ts';
import { watchMemory } from './memory-watch.ts';
import { OpenBackends } from './open-backends.ts';
import { toJob } from './to-job.ts';
import type { JobEnd, JobNote, WorkerProcess } from './worker-process.ts';
import type { ConnectionNeeded } from './worker/messages.ts';
import { toFailure } from './worker/to-failure.ts';

// The longest delay that setTimeout takes; 24 days.
const TIMER_MS_MAX = 2 ** 31 - 1;

export class AttemptRunner {
  readonly claimed: Claimed;
  readonly startedAt = new Date();
  readonly #deps: AttemptDependencies;
  readonly #worker: WorkerProcess;
  readonly #log: Log;
  readonly #attemptLog: AttemptLog;
  readonly #spans: AttemptSpans;
  readonly #backends = new OpenBackends();
  readonly #leaseLost = new AbortController();
  #progress = { rows: 0, bytes: 0 };
  readonly #artifacts: TaskArtifact[] = [];
  #peakMemoryBytes = 0;
  #stop: StopReason | undefined;
  #hasEnded = false;

  constructor(deps: AttemptDependencies, claimed: Claimed, worker: WorkerProcess) {
    const { lease, publishTraceparent } = claimed;
    const { runId, taskId, attemptNumber: attempt } = lease;
    this.#deps = deps;
    this.claimed = claimed;
    this.#worker = worker;
    this.#log = deps.log.child({ run_id: runId, task_id: taskId, epoch: Number(lease.epoch) });
    this.#attemptLog = new AttemptLog({
      runId,
      taskId,
      attempt,
      secrets: deps.connections.secrets,
      write: (line) => deps.logs.write(line),
      now: Date.now,
    });
    const attributes = { [ATTRIBUTE.executorId]: deps.executorId, [ATTRIBUTE.pool]: deps.pool };
    const { secrets } = deps.connections;
    this.#spans = new AttemptSpans({ lease, publishTraceparent, attributes, secrets });
  }

  /** Runs the attempt and reports its end. Does not throw. */
  async run(): Promise<void> {
    const release = this.#holdLease();
    try {
      const outcome = await this.#execute();
      const answer = outcome === undefined ? 'refused' : await this.#finish(outcome);
      this.#endSpans(outcome);
      if (answer !== 'refused') this.#deps.artifacts.put(this.claimed.lease, this.#artifacts);
      // A3
      const isWanted = outcome?.$case === 'succeeded' && answer !== 'refused';
      if (!isWanted) await removeDataset(this.#outputPath());
    } catch (thrown) {
      this.#log.error({ err: thrown }, 'an attempt ended by a bug of the executor');
    } finally {
      release();
    }
  }

  /** Kills the worker, unless the attempt is over. */
  stop(reason: StopReason): void {
    if (reason.kind === 'lost') this.#leaseLost.abort();
    // A1
    if (this.#stop === undefined || reason.kind === 'lost') this.#stop = reason;
    if (this.#hasEnded) return;
    this.#log.info({ reason: reason.kind }, `the worker is killed: ${describeStop(reason)}`);
    this.#worker.kill();
  }

  #holdLease(): () => void {
    const holder = {
      lease: this.claimed.lease,
      progress: () => this.#progress,
      onLost: (reason: string) => this.stop({ kind: 'lost', reason }),
      onCancel: () => this.stop({ kind: 'cancelled' }),
    };
    return this.#deps.leases.hold(holder, this.claimed.sentAtMs);
  }

  async #execute(): Promise<Outcome | undefined> {
    const { executorId } = this.#deps;
    this.#attemptLog.announce('info', `claimed by executor ${executorId}`);
    try {
      const end = await this.#runWorker();
      if (end.kind === 'exited') await this.#backends.cancelAll(this.#log);
      return this.#masked(decideOutcome(end, this.#stop));
    } catch (thrown) {
      // The lease is ours, so its end is ours to tell, also when this executor is what failed.
      this.#log.error({ err: toFloeError(thrown) }, 'an attempt could not be run');
      return this.#masked(failed(toFailure(thrown)));
    } finally {
      this.#hasEnded = true;
    }
  }

  async #runWorker(): Promise<JobEnd> {
    const { lease } = this.claimed;
    const { task } = lease;
    assert(task !== undefined, 'a lease says what is to be run');
    const outputPath = this.#outputPath();
    await makeRunFolder(outputPath);
    const timeoutMs = Math.min(Number(task.timeoutMs), TIMER_MS_MAX);
    const timer = setTimeout(() => this.stop({ kind: 'timed_out', timeoutMs }), timeoutMs);
    const limitBytes = Number(task.memoryLimitBytes) || this.#deps.memoryLimitBytes;
    const watch = watchMemory({
      pid: this.#worker.pid,
      limitBytes,
      onExceeded: (usedBytes) => this.stop({ kind: 'memory', usedBytes, limitBytes }),
    });
    const { filesDir } = this.#deps;
    const job = toJob(lease, {
      outputPath,
      traceparent: this.#spans.traceparent,
      ...(filesDir !== undefined && { filesDir }),
    });
    const end = await this.#worker.run(job, {
      onNote: (note) => this.#hear(note),
      onOutput: (stream, line) =>
        this.#attemptLog.write(stream === 'stderr' ? 'warn' : 'info', line),
    });
    clearTimeout(timer);
    this.#peakMemoryBytes = await watch.stop();
    return end;
  }

  #hear(note: JobNote): void {
    switch (note.kind) {
      case 'progress':
        return this.#noteProgress(note.update);
      case 'log':
        return this.#attemptLog.write(note.level, note.message, note.fields);
      case 'artifact':
        return void this.#artifacts.push(note.artifact);
      case 'span':
        return this.#spans.add(note.span);
      case 'connection_needed':
        return void this.#answer(note);
    }
  }

  #noteProgress(update: ProgressUpdate): void {
    const { rows = this.#progress.rows, bytes = this.#progress.bytes } = update;
    if (Number.isSafeInteger(rows) && Number.isSafeInteger(bytes)) this.#progress = { rows, bytes };
    this.#backends.learnBackend(update);
  }

  async #answer({ request, name }: ConnectionNeeded): Promise<void> {
    try {
      const address = await this.#deps.connections.resolve(name, this.claimed.lease);
      this.#backends.learnAddress(name, address);
      this.#worker.send({ kind: 'connection', request, address });
    } catch (thrown) {
      this.#worker.send({ kind: 'no_connection', request, failure: toFailure(thrown) });
    }
  }

  async #finish(outcome: Outcome): Promise<FinishAnswer> {
    const { level, text } = describeEnd(outcome, Date.now() - this.startedAt.getTime());
    this.#attemptLog.announce(level, text);
    this.#deps.logs.flush();
    const answer = await finishAttempt(
      { scheduler: this.#deps.scheduler, log: this.#log },
      {
        lease: this.claimed.lease,
        outcome,
        peakMemoryBytes: this.#peakMemoryBytes,
        leaseLost: this.#leaseLost.signal,
      },
    );
    this.#log.info({ outcome: outcome.$case, answer }, text);
    return answer;
  }

  #endSpans(outcome: Outcome | undefined): void {
    const { rows, bytes } = this.#progress;
    const attributes = { [ATTRIBUTE.rows]: rows, [ATTRIBUTE.bytes]: bytes };
    this.#spans.end(attributes, spanStatus(outcome, this.#stop));
  }

  #outputPath(): string {
    return datasetPath(this.#deps.datasetDir, this.claimed.lease);
  }

  /** A5 */
  #masked(outcome: Outcome | undefined): Outcome | undefined {
    if (outcome?.$case !== 'failed') return outcome;
    return maskDeep(outcome, this.#deps.connections.secrets);
  }
}

function spanStatus(
  outcome: Outcome | undefined,
  stop: StopReason | undefined,
): FinishedSpan['status'] {
  if (outcome?.$case === 'succeeded') return { code: 'ok' };
  if (outcome?.$case === 'failed') {
    const { code = '', message = '' } = outcome.value.failure ?? {};
    return { code: 'error', message: `${code}: ${message}` };
  }
  return { code: 'error', message: stop === undefined ? 'handed back' : describeStop(stop) };
}
