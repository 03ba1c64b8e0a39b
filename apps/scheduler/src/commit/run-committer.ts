/**
 * The one way in which runs change.
 *
 * Owns: the queue of inputs of this process, and the cache of runs. Any number of committers, in any number of
 * schedulers, may work on the same database; none owns a run.
 *
 *   G1. All changes that follow from an input (run, task runs, attempts, events, outbox) are one transaction.
 *   G2. Inputs of many runs share a transaction; those of one run are decided in the order of their arrival.
 *   G3. A run is decided on its newest revision: its row is locked, and what memory holds is used only when the
 *       revision is the same.
 *   G4. A caller hears of a change only after its commit. When the commit fails nothing has changed, the cache is
 *       dropped, and the caller gets the error.
 *   G5. Instants are those of the database, taken after the locks.
 *   G6. A run that cannot be decided (a bug, a broken row) fails alone: the batch is committed again run by run.
 */
import { sql, type Transaction } from 'kysely';
import { newRunState } from '@floe/engine';
import { FloeError } from '@floe/errors';
import { toControlError, type ControlDatabase, type FloeTables } from '@floe/database';
import { BATCH_INPUTS_MAX, COMMIT_ATTEMPTS_MAX, QUEUE_INPUTS_MAX } from '../limits.ts';
import type { PlanCache } from '../runs/plan-cache.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { insertRuns, type NewRun } from '../store/insert-runs.ts';
import { loadRun } from '../store/load-runs.ts';
import { writeBatch } from '../store/write-batch.ts';
import { applyInput } from './apply-input.ts';
import { Batch } from './batch.ts';
import { numberTask, type CommitResult, type SubmittedInput } from './commit-input.ts';
import type { StoredOutboxRow } from './rows.ts';
import { RunCache } from './run-cache.ts';

type Job = {
  readonly runId: string;
  readonly input: SubmittedInput;
  /** Set on the job that brings a run into being; its input is `start`. */
  readonly newRun?: NewRun;
  resolve(result: CommitResult): void;
  reject(error: FloeError): void;
};

export type RunCommitterOptions = {
  readonly db: ControlDatabase['db'];
  readonly plans: PlanCache;
  readonly random: () => number;
  /** Told of the outbox rows of each commit, so that they leave at once. */
  readonly onCommitted: (rows: readonly StoredOutboxRow[]) => void;
};

export class RunCommitter {
  readonly #options: RunCommitterOptions;
  readonly #cache = new RunCache();
  #queue: Job[] = [];
  #working: Promise<void> | undefined;

  constructor(options: RunCommitterOptions) {
    this.#options = options;
  }

  /** Inputs that wait for a transaction. */
  get depth(): number {
    return this.#queue.length;
  }

  submit(runId: string, input: SubmittedInput): Promise<CommitResult> {
    return this.#enqueue({ runId, input });
  }

  /** Stores a new run and starts it. `missing` when its request id is known already. */
  create(newRun: NewRun): Promise<CommitResult> {
    return this.#enqueue({ runId: newRun.record.runId, input: { type: 'start' }, newRun });
  }

  /** Resolves when what was submitted so far is decided. */
  async idle(): Promise<void> {
    await this.#working;
  }

  #enqueue(job: Omit<Job, 'resolve' | 'reject'>): Promise<CommitResult> {
    if (this.#queue.length >= QUEUE_INPUTS_MAX) {
      const message = `the scheduler has ${QUEUE_INPUTS_MAX} changes waiting for the database`;
      return Promise.reject(
        new FloeError('LIMIT_EXCEEDED', message, { hint: 'Try again in a few seconds.' }),
      );
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...job, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  async #work(): Promise<void> {
    // Inputs that arrive in the same turn share the first transaction.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const jobs = this.#queue.slice(0, BATCH_INPUTS_MAX);
      this.#queue = this.#queue.slice(BATCH_INPUTS_MAX);
      await this.#commit(jobs);
    }
    this.#working = undefined;
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const done = await this.#options.db
          .transaction()
          .execute((tx) => this.#decideAll(tx, jobs));
        this.#publish(done);
        return;
      } catch (error) {
        for (const job of jobs) this.#cache.drop(job.runId);
        const failure = toControlError(error);
        if (attempt < COMMIT_ATTEMPTS_MAX && isLostRace(error)) continue;
        return this.#rejectOrSplit(jobs, failure);
      }
    }
  }

  /** G6 */
  async #rejectOrSplit(jobs: readonly Job[], failure: FloeError): Promise<void> {
    const byRun = Map.groupBy(jobs, (job) => job.runId);
    if (byRun.size > 1 && failure.code !== 'DATABASE_UNAVAILABLE') {
      for (const jobsOfRun of byRun.values()) await this.#commit(jobsOfRun);
      return;
    }
    for (const job of jobs) job.reject(failure);
  }

  #publish(done: Decided): void {
    for (const record of done.records)
      this.#cache.put({ ...record, revision: record.revision + 1 });
    this.#options.onCommitted(done.outbox);
    for (const { job, result } of done.results) job.resolve(result);
  }

  async #decideAll(tx: Transaction<FloeTables>, jobs: readonly Job[]): Promise<Decided> {
    const { records, now } = await this.#lockRuns(
      tx,
      jobs.filter((job) => job.newRun === undefined),
    );
    const newRuns = jobs.flatMap(({ newRun }) =>
      newRun === undefined ? [] : [createdAt(newRun, now)],
    );
    const inserted = await insertRuns(tx, newRuns);
    for (const { record } of newRuns)
      if (inserted.has(record.runId)) records.set(record.runId, record);
    const batch = new Batch();
    const results = jobs.map((job) => ({
      job,
      result: this.#decide(job, { records, batch, now }),
    }));
    const outbox = await writeBatch(tx, batch);
    return { records: [...batch.runs.values()], outbox, results };
  }

  #decide(
    job: Job,
    context: { records: Map<string, RunRecord>; batch: Batch; now: number },
  ): CommitResult {
    const { records, batch, now } = context;
    const record = records.get(job.runId);
    if (record === undefined) return { kind: 'missing' };
    const accepted =
      job.newRun === undefined ? record : batch.event(record, { type: 'run.queued' }, now);
    const input = numberTask(accepted, job.input);
    if (input === undefined) return { kind: 'refused', refusal: 'unknown_task', record };
    const result = applyInput(accepted, input, { batch, now, random: this.#options.random() });
    if (result.kind === 'changed') records.set(job.runId, result.record);
    return result;
  }

  async #lockRuns(
    tx: Transaction<FloeTables>,
    jobs: readonly Job[],
  ): Promise<{ records: Map<string, RunRecord>; now: number }> {
    const ids = [...new Set(jobs.map((job) => job.runId))];
    const locked = await sql<{ run_id: string; revision: number }>`
      /* scheduler.lock_runs */
      select run_id, revision from run where run_id = any(${ids}::uuid[]) order by run_id for update`.execute(
      tx,
    );
    const clock = await sql<{ now: number }>`select clock_timestamp() as now`.execute(tx);
    const records = new Map<string, RunRecord>();
    for (const row of locked.rows) {
      const planOf = (name: string, version: number) => this.#options.plans.get(name, version);
      const record =
        this.#cache.get(row.run_id, row.revision) ?? (await loadRun(tx, row.run_id, planOf));
      if (record !== undefined) records.set(row.run_id, record);
    }
    return { records, now: clock.rows[0]!.now };
  }
}

type Decided = {
  readonly records: readonly RunRecord[];
  readonly outbox: readonly StoredOutboxRow[];
  readonly results: readonly { readonly job: Job; readonly result: CommitResult }[];
};

/** G5 */
function createdAt(newRun: NewRun, now: number): NewRun {
  const { plan } = newRun.record;
  const state = newRunState(plan.graph, { now, timeoutMs: plan.workflow.timeoutMs });
  return { ...newRun, record: { ...newRun.record, state } };
}

// Serialization failure, deadlock, lock timeout: the same transaction again succeeds.
const LOST_RACES = new Set(['40001', '40P01', '55P03']);

function isLostRace(error: unknown): boolean {
  const code: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && LOST_RACES.has(code);
}
