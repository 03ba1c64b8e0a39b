/**
 * The tasks that an attempt carries out besides its own, as a supervisor sees them.
 *
 *   T1. Their files carry the name of the attempt: one that was lost may still be writing when a follower has an attempt
 *       of its own.
 *   T2. A follower whose inputs cannot be had is left out: it says so itself, in an attempt of its own.
 *   T3. What a follower made is told and kept like what any task made: published, shown, and logged under its name.
 */
import { FloeError } from '@floe/errors';
import type { FollowerOutcome, Outcome } from '@floe/execution';
import type { AttemptLease, StagedTask, TaskSpec } from '@floe/rpc/internal-contracts';
import type { TaskArtifact } from '@floe/tasks/light';
import type { AttemptDependencies } from '../attempt/attempt-dependencies.ts';
import { AttemptVoice } from '../attempt/attempt-voice.ts';
import { fetchInputs, publishOutput } from '../attempt/dataset-handover.ts';
import { datasetPath, removeDataset } from '../attempt/datasets.ts';
import type { FollowerEnd, Job, StagedJob } from '../worker/messages.ts';

export type StagedJobs = Pick<Job, 'makers' | 'followers'> & {
  /** References as they came, by the local address that the worker got. */
  readonly originals: ReadonlyMap<string, string>;
};

export class StagedTasks {
  readonly #deps: AttemptDependencies;
  readonly #lease: AttemptLease;
  readonly #voices: ReadonlyMap<string, AttemptVoice>;
  readonly #artifacts = new Map<string, TaskArtifact[]>();
  #isTold = false;

  constructor(deps: AttemptDependencies, lease: AttemptLease) {
    this.#deps = deps;
    this.#lease = lease;
    // Their spans are the scheduler's: there is no work of their own below them.
    const silent = { ...deps, makesSpans: false };
    this.#voices = new Map(
      lease.followers.map(({ taskId, epoch, attemptNumber }) => {
        return [taskId, new AttemptVoice(silent, { ...lease, taskId, epoch, attemptNumber })];
      }),
    );
  }

  /** Errors: DATASET_MISSING and others of what the attempt's own task is made of. */
  async fetch(): Promise<StagedJobs> {
    const { makers, followers } = this.#lease;
    const originals = new Map<string, string>();
    const made: StagedJob[] = [];
    for (const maker of makers) made.push(await this.#fetchMaker(maker, originals));
    const led: StagedJob[] = [];
    for (const follower of followers) {
      const job = await this.#tryFetch(follower, originals);
      // T2
      if (job === undefined) break;
      led.push(job);
    }
    return { makers: made, followers: led, originals };
  }

  /** The ends of followers for the scheduler; what they made is published. */
  async publish(
    ends: readonly FollowerEnd[],
    originals: ReadonlyMap<string, string>,
  ): Promise<readonly FollowerOutcome[]> {
    const outcomes: FollowerOutcome[] = [];
    for (const end of ends) {
      if (end.kind === 'failed') {
        outcomes.push(end);
        continue;
      }
      const { taskId, kind, ...result } = end;
      const datasetJson = await publishOutput(this.#deps.datasets, end.datasetJson, originals);
      outcomes.push({ taskId, kind, result: { ...result, datasetJson } });
    }
    return outcomes;
  }

  addArtifact(taskId: string, artifact: TaskArtifact): void {
    if (this.#isTold) return this.#keep(taskId, [artifact]);
    const artifacts = this.#artifacts.get(taskId) ?? [];
    this.#artifacts.set(taskId, [...artifacts, artifact]);
  }

  /** Writes the last lines of their logs. What comes back is told, with all secrets masked. */
  conclude(outcome: Outcome): Outcome {
    if (outcome.kind !== 'succeeded' || outcome.result.followers === undefined) return outcome;
    const followers = outcome.result.followers.map((end) => this.#conclude(end));
    return { ...outcome, result: { ...outcome.result, followers } };
  }

  /** The outcome of the attempt was told; what comes later is kept at once. */
  keepArtifacts(): void {
    this.#isTold = true;
    for (const [taskId, artifacts] of this.#artifacts) this.#keep(taskId, artifacts);
  }

  #keep(taskId: string, artifacts: readonly TaskArtifact[]): void {
    const { runId, followers } = this.#lease;
    const follower = followers.find((each) => each.taskId === taskId);
    if (follower === undefined) return;
    this.#deps.artifacts.put({ runId, taskId, epoch: follower.epoch }, artifacts);
  }

  /** Removes what the followers have written. */
  async remove(): Promise<void> {
    const paths = this.#lease.followers.map(({ taskId }) => this.#outputPath(taskId));
    await Promise.all(paths.map(removeDataset));
  }

  #conclude(end: FollowerOutcome): FollowerOutcome {
    const voice = this.#voices.get(end.taskId);
    if (voice === undefined) return end;
    voice.announce('info', `carried out by the attempt of task ${this.#lease.taskId}`);
    if (end.kind === 'failed') {
      const told = voice.conclude({ ...end, cause: 'task' }, { isQuiet: false });
      return told.kind === 'failed' ? { ...end, failure: told.failure } : end;
    }
    voice.conclude({ kind: 'succeeded', result: end.result }, { isQuiet: false });
    return end;
  }

  /** What is missing is told as missing from the task before the own one: it is what has to be made again. */
  async #fetchMaker(maker: StagedTask, originals: Map<string, string>): Promise<StagedJob> {
    try {
      return await this.#fetch(maker, originals);
    } catch (thrown) {
      if (!(thrown instanceof FloeError) || thrown.code !== 'DATASET_MISSING') throw thrown;
      const { hint, details } = thrown;
      const task = this.#lease.makers.at(-1)!.taskId;
      throw new FloeError('DATASET_MISSING', thrown.message, {
        cause: thrown,
        details: { ...details, task },
        ...(hint !== undefined && { hint }),
      });
    }
  }

  async #tryFetch(
    follower: StagedTask,
    originals: Map<string, string>,
  ): Promise<StagedJob | undefined> {
    try {
      return await this.#fetch(follower, originals);
    } catch (thrown) {
      const { runId: run_id } = this.#lease;
      const fields = { err: thrown, run_id, task_id: follower.taskId };
      this.#deps.log.warn(fields, 'a task is not carried out with the one before it');
      return undefined;
    }
  }

  async #fetch({ taskId, task }: StagedTask, originals: Map<string, string>): Promise<StagedJob> {
    const { type, configJson, contractJson, inputs } = specOf(taskId, task);
    const fetched = await fetchInputs(this.#deps.datasets, inputs);
    for (const [uri, original] of fetched.originals) originals.set(uri, original);
    return {
      taskId,
      type,
      configJson,
      inputs: fetched.inputs,
      outputPath: this.#outputPath(taskId),
      ...(contractJson !== undefined && { contractJson }),
    };
  }

  /** T1 */
  #outputPath(taskId: string): string {
    const { runId, epoch } = this.#lease;
    // Checks the id of the follower as well.
    datasetPath(this.#deps.datasetDir, { runId, taskId, epoch });
    const own = datasetPath(this.#deps.datasetDir, this.#lease);
    return own.replace(/\.ipc$/, `.${taskId}.ipc`);
  }
}

function specOf(taskId: string, task: TaskSpec | undefined): TaskSpec {
  if (task !== undefined) return task;
  throw new FloeError('ARGUMENT_INVALID', `the lease does not say what task ${taskId} does`);
}
