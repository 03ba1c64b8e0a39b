/**
 * The work of one light attempt, in this process.
 *
 *   W1. Ending it aborts its signal; the end is told when the task has returned, so that nothing of it acts later.
 *   W2. A task that does not heed its signal is given up after a moment, loudly.
 *   W3. It costs no file, no process, and no span or log line that nobody wants.
 */
import { FloeError, nearestName } from '@floe/errors';
import type {
  Lease,
  Outcome,
  Progress,
  RunningWork,
  Settlement,
  WorkEnd,
  WorkListener,
} from '@floe/execution';
import type { AttemptLease } from '@floe/rpc/internal-contracts';
import { LEADS } from '@floe/tasks/leads';
import { LIGHT_RUNNERS } from '@floe/tasks/light';
import type { TaskArtifact, TaskContext } from '@floe/tasks/light';
import { ATTRIBUTE } from '@floe/telemetry';
import type { AttemptDependencies } from '../attempt/attempt-dependencies.ts';
import { AttemptVoice } from '../attempt/attempt-voice.ts';
import { datasetPath } from '../attempt/datasets.ts';
import { runItems } from '../worker/run-items.ts';
import type { ItemsResult } from '../worker/run-items.ts';
import { createTaskContext } from '../worker/task-context.ts';
import { toFailure } from '../worker/to-failure.ts';
import { toJob } from '../attempt/to-job.ts';

// A task that heeds its signal returns within milliseconds; with the report it stays below the 2 s of a cancel.
const HEED_WITHIN_MS = 1_000;

// Of the attempt that makes no partition, but holds what they share.
const LEAD_INDEX = -1;

export class LightWork implements RunningWork {
  readonly #deps: AttemptDependencies;
  readonly #lease: AttemptLease;
  readonly #listener: WorkListener;
  readonly #voice: AttemptVoice;
  readonly #artifacts: TaskArtifact[] = [];
  readonly #ending = new AbortController();
  #progress: Progress = { rows: 0, bytes: 0 };
  #hasEnded = false;

  constructor(deps: AttemptDependencies, lease: Lease<AttemptLease>, listener: WorkListener) {
    this.#deps = deps;
    this.#lease = lease.work;
    this.#listener = listener;
    this.#voice = new AttemptVoice(deps, lease.work);
  }

  start(): void {
    void this.#run();
  }

  /** W1 */
  stop(): void {
    this.#ending.abort();
    // W2
    setTimeout(() => this.#giveUp(), HEED_WITHIN_MS).unref();
  }

  conclude(outcome: Outcome): Outcome {
    return this.#voice.conclude(outcome, { isQuiet: true });
  }

  settle(settlement: Settlement, outcome: Outcome | undefined): void {
    this.#voice.endSpans(outcome, this.#progress);
    const isTold = settlement === 'accepted' || settlement === 'unknown';
    if (isTold && this.#artifacts.length > 0) {
      this.#deps.artifacts.put(this.#lease, this.#artifacts);
    }
  }

  async #run(): Promise<void> {
    try {
      const { rows, bytes, dataset, failedItems } = await this.#runTask();
      const datasetJson = dataset === undefined ? '' : JSON.stringify(dataset);
      const result = { rows, bytes, datasetJson, failedItems };
      this.#end({ kind: 'succeeded', result, peakMemoryBytes: 0 });
    } catch (thrown) {
      this.#end({ kind: 'failed', failure: toFailure(thrown), peakMemoryBytes: 0 });
    }
  }

  async #runTask(): Promise<ItemsResult> {
    const { taskId, task } = this.#lease;
    const type = task?.type ?? '';
    if (task?.partition?.index === LEAD_INDEX) return this.#lead(type, task.partition.count);
    const run = LIGHT_RUNNERS[type];
    if (run === undefined) throw unknownType(type);
    const context = this.#createContext();
    // Without a trace there is nothing to put a span into.
    const items = task?.items ?? [];
    if (!this.#deps.makesSpans) return runItems(run, context, items);
    const attributes = { [ATTRIBUTE.taskId]: taskId, [ATTRIBUTE.taskType]: type };
    return context.span(`run ${type}`, attributes, () => runItems(run, context, items));
  }

  /** Holds what the partitions share, until it is stopped. */
  async #lead(type: string, partitionCount: number): Promise<ItemsResult> {
    const lead = LEADS[type];
    if (lead === undefined) throw unknownType(type);
    const handOut = (handout: unknown) => this.#handOut(JSON.stringify(handout));
    await lead({ ...this.#createContext(), partitionCount, handOut });
    return { rows: 0, bytes: 0, failedItems: [] };
  }

  #handOut(handout: string): void {
    this.#progress = { ...this.#progress, handout };
    if (!this.#hasEnded) this.#listener.onProgress(this.#progress);
  }

  #createContext(): TaskContext {
    const { datasetDir, connections, recorder, filesDir, httpHosts } = this.#deps;
    const outputPath = datasetPath(datasetDir, this.#lease);
    const { traceparent } = this.#voice;
    // Light tasks read no rows: references go by as they came.
    const inputs = this.#lease.task?.inputs ?? [];
    const given = {
      inputs,
      outputPath,
      traceparent,
      httpHosts,
      makers: [],
      followers: [],
      ...(filesDir !== undefined && { filesDir }),
    };
    const job = toJob(this.#lease, given);
    return createTaskContext(job, {
      signal: this.#ending.signal,
      connection: (name) => connections.resolve(name, this.#lease),
      endpoint: (name) => connections.resolveEndpoint(name, this.#lease),
      log: (level, message, fields) => this.#voice.write(level, message, fields),
      progress: (update) => this.#noteProgress(update),
      artifact: (artifact) => void this.#artifacts.push(artifact),
      record: (record) => recorder.record(record, this.#lease),
      addSpan: (span) => this.#voice.addSpan(span),
    });
  }

  #noteProgress({ rows = this.#progress.rows, bytes = this.#progress.bytes }: Partial<Progress>) {
    this.#progress = { ...this.#progress, rows, bytes };
    if (!this.#hasEnded) this.#listener.onProgress(this.#progress);
  }

  #giveUp(): void {
    if (this.#hasEnded) return;
    const { runId: run_id, taskId: task_id, task } = this.#lease;
    const fields = { run_id, task_id, type: task?.type };
    this.#deps.log.error(fields, 'a light task does not heed the signal to end; it is given up');
    const failure = toFailure(new FloeError('CANCELLED', 'the task did not heed its end'));
    this.#end({ kind: 'died', failure, peakMemoryBytes: 0 });
  }

  #end(end: WorkEnd): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#listener.onEnd(end);
  }
}

function unknownType(type: string): FloeError {
  const nearest = nearestName(type, Object.keys(LIGHT_RUNNERS));
  return new FloeError('NOT_IMPLEMENTED', `this executor runs no light tasks of type "${type}"`, {
    details: { type },
    hint: nearest === undefined ? 'update the executor' : `did you mean "${nearest}"?`,
  });
}
