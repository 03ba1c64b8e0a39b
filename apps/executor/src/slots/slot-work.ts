/**
 * The work of one attempt in a worker process.
 *
 * Owns: the dataset of the attempt until its success was accepted, and the SQL statements of its worker.
 *
 *   W1. Work that is stopped has ended when that is told: the process group is killed, its statements are cancelled.
 *   W2. A dataset goes when the scheduler refused the success that names it, or there is none. When no answer came it
 *       stays: the lease also ends when a success is accepted, and its dataset is the next task's input.
 *   W3. Lack of memory, a death by signal and an end by our own hand are told apart.
 *   W4. Nothing of a stopped work waits for the store of datasets; what is on its way comes or fails by itself.
 */
import { assert } from '@floe/errors';
import type {
  FollowerOutcome,
  Lease,
  Outcome,
  Progress,
  RunningWork,
  Settlement,
  StopReason,
  WorkEnd,
  WorkListener,
} from '@floe/execution';
import type { AttemptLease, TaskSpec } from '@floe/rpc/internal-contracts';
import type { ProgressUpdate, TaskArtifact } from '@floe/tasks/light';
import type { AttemptDependencies } from '../attempt/attempt-dependencies.ts';
import { AttemptVoice } from '../attempt/attempt-voice.ts';
import { fetchForTask, nameMissing, publishOutput } from '../attempt/dataset-handover.ts';
import { datasetPath, makeRunFolder, removeDataset } from '../attempt/datasets.ts';
import { toJob } from '../attempt/to-job.ts';
import type { JobSucceeded, ShownDataset } from '../worker/messages.ts';
import { toFailure } from '../worker/to-failure.ts';
import { Answers } from './answers.ts';
import { describeDeath } from './describe-death.ts';
import { kernelLimitBytes } from './memory-groups.ts';
import { watchMemory } from './memory-watch.ts';
import type { MemoryUse } from './memory-watch.ts';
import { readOomKills } from './oom-kills.ts';
import { OpenBackends } from './open-backends.ts';
import type { Preview } from './preview-queue.ts';
import { StagedTasks } from './staged-tasks.ts';
import type { JobEnd, JobNote, WorkerExit, WorkerProcess } from './worker-process.ts';

// What a process says about its end is in its last words.
const LAST_LINES_MAX = 20;

/** How a worker ends that is told to. */
const KILLED: WorkerExit = { kind: 'exited', code: null, signal: 'SIGKILL' };

export class SlotWork implements RunningWork {
  readonly lease: AttemptLease;
  readonly startedAt = new Date();
  readonly #deps: AttemptDependencies;
  readonly #listener: WorkListener;
  readonly #voice: AttemptVoice;
  readonly #backends: OpenBackends;
  readonly #answers: Answers;
  readonly #artifacts: TaskArtifact[] = [];
  readonly #staged: StagedTasks;
  readonly #lastLines: string[] = [];
  readonly #oomKillsBefore = readOomKills();
  #worker: WorkerProcess | undefined;
  #progress: Progress = { rows: 0, bytes: 0 };
  #memory: MemoryUse = { peakBytes: 0, lastBytes: 0 };
  readonly #made: ShownDataset[] = [];
  #followers: readonly FollowerOutcome[] = [];
  #cleaned: Promise<void> = Promise.resolve();
  #phase: 'waiting' | 'running' | 'ended' = 'waiting';
  readonly #stopped = Promise.withResolvers<WorkerExit>();
  /** What was told of it counts; undefined until that is known. */
  #isTold: boolean | undefined;

  constructor(deps: AttemptDependencies, lease: Lease<AttemptLease>, listener: WorkListener) {
    this.lease = lease.work;
    this.#deps = deps;
    this.#listener = listener;
    this.#voice = new AttemptVoice(deps, lease.work);
    this.#backends = new OpenBackends(lease.work.runId);
    this.#answers = new Answers(deps, lease.work, this.#backends);
    this.#staged = new StagedTasks(deps, lease.work);
  }

  /** False once it was stopped: then no worker is to begin it. */
  get isWaiting(): boolean {
    return this.#phase === 'waiting';
  }

  /** What the worker kept in memory at the end. */
  get retainedBytes(): number {
    return this.#memory.lastBytes;
  }

  /** Of the datasets that its success names. */
  get previews(): readonly Preview[] {
    return this.#made.map((dataset) => ({
      dataset,
      isWanted: () => this.#isTold !== false,
      onMade: (artifact) => this.#noteArtifact(artifact, dataset.taskId),
    }));
  }

  /** Runs it to its end, which is to be told with `end`. Does not throw. */
  async execute(worker: WorkerProcess): Promise<WorkEnd> {
    this.#phase = 'running';
    this.#worker = worker;
    this.#voice.announce('info', `claimed by executor ${this.#deps.executorId}`);
    try {
      const end = await this.#runWorker(worker);
      // W1
      if (end.kind === 'exited') await this.#backends.cancelAll(this.#deps.log);
      return this.#toWorkEnd(end);
    } catch (thrown) {
      // The lease is ours, so its end is ours to tell, also when this executor is what failed.
      this.#deps.log.error({ err: thrown }, 'an attempt could not be run');
      const { peakBytes: peakMemoryBytes } = this.#memory;
      return { kind: 'failed', failure: toFailure(thrown), peakMemoryBytes };
    }
  }

  /** Tells the end. */
  end(end: WorkEnd): void {
    this.#phase = 'ended';
    if (end.kind !== 'succeeded') this.#made.length = 0;
    this.#listener.onEnd(end);
  }

  stop(_reason: StopReason): void {
    if (this.#phase === 'running') {
      this.#worker?.kill();
      this.#stopped.resolve(KILLED);
    }
    if (this.#phase !== 'waiting') return;
    const failure = { code: 'CANCELLED', message: 'it never began', details: {}, retryable: true };
    // The port calls nothing back before its calls return.
    this.#phase = 'ended';
    queueMicrotask(() => this.#listener.onEnd({ kind: 'died', failure, peakMemoryBytes: 0 }));
  }

  conclude(outcome: Outcome): Outcome {
    return this.#staged.conclude(this.#voice.conclude(outcome, { isQuiet: false }));
  }

  settle(settlement: Settlement, outcome: Outcome | undefined): void {
    this.#voice.endSpans(outcome, this.#progress);
    this.#isTold = settlement === 'accepted' || settlement === 'unknown';
    if (this.#isTold) {
      this.#deps.artifacts.put(this.lease, this.#artifacts);
      this.#staged.keepArtifacts();
    }
    // W2
    const isWanted = outcome?.kind === 'succeeded' && settlement !== 'refused';
    if (isWanted || this.#worker === undefined) return;
    const removed = [removeDataset(this.#outputPath()), this.#staged.remove()];
    this.#cleaned = Promise.all(removed).then(
      () => {},
      (error: unknown) =>
        this.#deps.log.warn({ err: error }, 'the dataset of an attempt could not be removed'),
    );
  }

  /** Resolves when nothing of it is left to be removed. */
  get cleaned(): Promise<void> {
    return this.#cleaned;
  }

  async #runWorker(worker: WorkerProcess): Promise<JobEnd> {
    const outputPath = this.#outputPath();
    await makeRunFolder(outputPath);
    const { filesDir, httpHosts } = this.#deps;
    const found = await this.#unlessStopped(this.#fetch());
    if ('kind' in found) return found;
    const { originals, fetched, others, staged } = found;
    const limitBytes = Number(this.#task().memoryLimitBytes) || this.#deps.memoryLimitBytes;
    const watch = watchMemory({
      pid: worker.pid,
      limitBytes,
      onExceeded: (usedBytes) => this.#listener.onMemoryExceeded({ usedBytes, limitBytes }),
    });
    const { traceparent } = this.#voice;
    const given = {
      ...fetched,
      ...staged,
      outputPath,
      traceparent,
      httpHosts,
      ...(filesDir !== undefined && { filesDir }),
    };
    worker.memoryGroup?.limit(kernelLimitBytes(limitBytes));
    const job = toJob(this.lease, given);
    this.#noteProgress({});
    const end = await worker.run(job, {
      onNote: (note) => this.#hear(note),
      onOutput: (stream, line) => this.#noteOutput(stream, line),
    });
    this.#memory = watch.stop();
    worker.memoryGroup?.unlimit();
    if (end.kind === 'exited') this.#noteKernel(worker, limitBytes);
    if (end.kind === 'failed') return { ...end, failure: nameMissing(end.failure, this.#task()) };
    if (end.kind !== 'succeeded') return end;
    return this.#unlessStopped(this.#publish(end, { originals, others }));
  }

  /** W4 */
  #unlessStopped<Result>(work: Promise<Result>): Promise<Result | WorkerExit> {
    return Promise.race([work, this.#stopped.promise]);
  }

  async #fetch() {
    const { originals, ...fetched } = await fetchForTask(this.#deps.datasets, this.#task());
    const { originals: others, ...staged } = await this.#staged.fetch();
    return { originals, fetched, others, staged };
  }

  async #publish(
    end: JobSucceeded,
    { originals, others }: Record<'originals' | 'others', ReadonlyMap<string, string>>,
  ): Promise<JobSucceeded> {
    this.#followers = await this.#staged.publish(end.followers ?? [], others);
    const { datasets } = this.#deps;
    return { ...end, datasetJson: await publishOutput(datasets, end.datasetJson, originals) };
  }

  /** W3. The kernel was faster than the watch. */
  #noteKernel(worker: WorkerProcess, limitBytes: number): void {
    if (worker.memoryGroup === undefined || worker.memoryGroup.oomKills() === 0) return;
    const usedBytes = Math.max(this.#memory.peakBytes, kernelLimitBytes(limitBytes));
    this.#listener.onMemoryExceeded({ usedBytes, limitBytes });
  }

  #toWorkEnd(end: JobEnd): WorkEnd {
    const { peakBytes: peakMemoryBytes } = this.#memory;
    switch (end.kind) {
      case 'succeeded': {
        const { kind: _, ...own } = end;
        const result = { ...own, followers: this.#followers };
        return { kind: 'succeeded', result, peakMemoryBytes };
      }
      case 'failed':
        return { kind: 'failed', failure: end.failure, peakMemoryBytes };
      case 'exited':
        // W3
        return describeDeath({
          exit: end,
          taskId: this.lease.taskId,
          taskType: this.#task().type,
          lastLines: this.#lastLines,
          isOutOfMemory: readOomKills() > this.#oomKillsBefore,
          peakMemoryBytes,
        });
    }
  }

  #hear(note: JobNote): void {
    switch (note.kind) {
      case 'progress':
        return this.#noteProgress(note.update);
      case 'log':
        return this.#voice.write(note.level, note.message, note.fields);
      case 'artifact':
        return this.#noteArtifact(note.artifact, this.lease.taskId);
      case 'made':
        return void this.#made.push(note.dataset);
      case 'span':
        return this.#voice.addSpan(note.span);
      case 'connection_needed':
      case 'endpoint_needed':
      case 'record_wanted':
        return void this.#answers.give(note, this.#worker);
    }
  }

  #noteArtifact(artifact: TaskArtifact, taskId: string): void {
    if (taskId !== this.lease.taskId) return this.#staged.addArtifact(taskId, artifact);
    if (this.#isTold === undefined) this.#artifacts.push(artifact);
    else if (this.#isTold) this.#deps.artifacts.put(this.lease, [artifact]);
  }

  #noteProgress(update: ProgressUpdate): void {
    const { rows = this.#progress.rows, bytes = this.#progress.bytes } = update;
    if (Number.isSafeInteger(rows) && Number.isSafeInteger(bytes))
      this.#progress = { rows, bytes, hasBegun: true };
    this.#backends.learnBackend(update);
    if (this.#phase === 'running') this.#listener.onProgress(this.#progress);
  }

  #noteOutput(stream: 'stdout' | 'stderr', line: string): void {
    this.#voice.write(stream === 'stderr' ? 'warn' : 'info', line);
    if (stream !== 'stderr') return;
    this.#lastLines.push(line);
    if (this.#lastLines.length > LAST_LINES_MAX) this.#lastLines.shift();
  }

  #outputPath(): string {
    return datasetPath(this.#deps.datasetDir, this.lease);
  }

  #task(): TaskSpec {
    const { task } = this.lease;
    assert(task !== undefined, 'a lease says what is to be run');
    return task;
  }
}
