/**
 * The one way in which runs change.
 *
 * Owns: the queue of inputs of this process, and the cache of runs. Any number of committers, in any number of
 * schedulers, may work on the same store; none owns a run.
 *
 *   G1. All changes that follow from an input (run, task runs, attempts, events, outbox) are one transaction.
 *   G2. Inputs of many runs share a transaction; those of one run are decided in the order of their arrival.
 *   G3. A run is decided on its newest revision: its row is locked, and what memory holds is used only when the
 *       revision is the same.
 *   G4. A caller hears of a change, and memory takes it over, only after its commit. When the commit fails the caller
 *       gets the error.
 *   G5. Instants are those of the store, taken after the locks.
 *   G6. A run that cannot be decided (a bug, a broken row) fails alone: the batch is decided again without it, and its
 *       ready attempts go to the back of their queue for a while.
 *   G7. One transaction at a time: what arrives meanwhile makes the next one larger, and so cheaper for each.
 *   G8. What a transaction makes ready goes, in the same transaction, to executors whose offers wait here.
 */
import { FloeError, toFloeError } from '@floe/errors';
import { BATCH_CHANGES_MAX, QUEUE_CHANGES_MAX, QUEUE_RETRY_MS } from '../limits.ts';
import type { Chance, Hint, Log, RunStore, Timers } from '../ports.ts';
import type { PlanOf } from '../runs/run-plan.ts';
import type { CommitResult, SubmittedInput } from './commit-input.ts';
import { decideJobs, type Decided } from './decide-jobs.ts';
import type { ExchangeRequest, ExchangeResult } from './exchange.ts';
import { reject, weightOf, type Job } from './job.ts';
import type { NewRun, StoredOutboxRow } from './rows.ts';
import { RunFault } from './run-fault.ts';
import { RunCache } from './run-cache.ts';
import { StandingOffers, type OfferJob } from './standing-offers.ts';

export type RunCommitterOptions = {
  readonly store: RunStore;
  readonly planOf: PlanOf;
  readonly chance: Chance;
  readonly timers: Timers;
  readonly log: Log;
  /** Told of what each commit leaves to be sent, so that it leaves at once. */
  readonly onCommitted: (rows: readonly StoredOutboxRow[], hints: readonly Hint[]) => void;
};

export class RunCommitter {
  readonly #options: RunCommitterOptions;
  readonly #cache = new RunCache();
  readonly #offers: StandingOffers;
  #queue: Job[] = [];
  #depth = 0;
  #working: Promise<void> | undefined;

  constructor(options: RunCommitterOptions) {
    this.#options = options;
    this.#offers = new StandingOffers(options.timers);
  }

  /** Changes that wait for a transaction. */
  get depth(): number {
    return this.#depth;
  }

  submit(runId: string, input: SubmittedInput): Promise<CommitResult> {
    return new Promise((resolve, fail) =>
      this.#enqueue({ kind: 'input', runId, input, resolve, reject: fail }),
    );
  }

  /** Stores a new run and starts it. `missing` when its request id is known already. */
  create(newRun: NewRun): Promise<CommitResult> {
    return new Promise((resolve, fail) =>
      this.#enqueue({ kind: 'create', newRun, resolve, reject: fail }),
    );
  }

  /** Ends attempts of an executor and gives it others. */
  exchange(request: ExchangeRequest): Promise<ExchangeResult> {
    return new Promise((resolve, fail) =>
      this.#enqueue({ kind: 'exchange', request, resolve, reject: fail }),
    );
  }

  /** Keeps the room of an executor until there is work for it here; undefined when there was none in time. */
  offer(request: ExchangeRequest, waitMs: number): Promise<ExchangeResult | undefined> {
    return this.#offers.stand(request, waitMs);
  }

  /** Ends the wait of an offer: it is answered at once, with what it was given or with nothing. */
  recallOffer(executorId: string, tokenHash: string): void {
    this.#offers.recall(executorId, tokenHash);
  }

  /** Ends all offers, and takes no more. */
  closeOffers(): void {
    this.#offers.close();
  }

  /** Resolves when what was submitted so far is decided. */
  async idle(): Promise<void> {
    await this.#working;
  }

  #enqueue(job: Job): void {
    if (this.#depth >= QUEUE_CHANGES_MAX) return job.reject(queueFull());
    this.#depth += weightOf(job);
    this.#queue.push(job);
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    // Inputs that arrive in the same turn share the first transaction.
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#commit(this.#takeBatch());
    this.#working = undefined;
  }

  #takeBatch(): Job[] {
    let weight = 0;
    let count = 0;
    while (count < this.#queue.length && (count === 0 || weight < BATCH_CHANGES_MAX)) {
      weight += weightOf(this.#queue[count]!);
      count += 1;
    }
    this.#depth -= weight;
    return this.#queue.splice(0, count);
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    const { store, planOf, chance, log } = this.#options;
    const faults = new Map<string, RunFault>();
    const offers = this.#offers.take();
    const context = { cache: this.#cache, planOf, chance, faults, offers };
    for (;;) {
      try {
        const decided = await store.transaction((tx) => decideJobs(tx, jobs, context));
        return this.#publish(decided, offers);
      } catch (error) {
        if (!(error instanceof RunFault) || faults.has(error.runId)) {
          const failure = toFloeError(error);
          this.#offers.fail(offers, failure);
          return this.#rejectOrSplit(jobs, failure);
        }
        log.error({ err: error.cause, run_id: error.runId }, 'a run cannot be decided');
        faults.set(error.runId, error);
      }
    }
  }

  /** G6, for what cannot be told to be the fault of one run. */
  async #rejectOrSplit(jobs: readonly Job[], failure: FloeError): Promise<void> {
    if (jobs.length === 1 || failure.code === 'DATABASE_UNAVAILABLE') return reject(jobs, failure);
    for (const job of jobs) await this.#commit([job]);
  }

  #publish({ records, outbox, hints, answers, taken }: Decided, offers: readonly OfferJob[]): void {
    for (const record of records) this.#cache.put(record);
    this.#options.onCommitted(outbox, hints);
    this.#offers.settle(offers, taken);
    for (const answer of answers) answer();
  }
}

function queueFull(): FloeError {
  const message = `the scheduler has ${QUEUE_CHANGES_MAX} changes waiting for the database`;
  return new FloeError('LIMIT_EXCEEDED', message, {
    hint: 'Try again in a second.',
    details: { retry_after_ms: String(QUEUE_RETRY_MS) },
  });
}
