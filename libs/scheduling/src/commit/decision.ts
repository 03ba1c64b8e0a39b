/**
 * All that one transaction decides.
 *
 *   N1. Runs are decided on what was locked: a run that is not open here is not changed.
 *   N2. Ready attempts are given out after all other inputs, in the order of their rank, whether they were ready before
 *       or have become so in this very transaction.
 *   N3. An attempt whose key has no free place is passed over, or skipped where its document says so.
 *   N4. An exchange whose executor waits no longer takes nothing: what it took would lie until its lease is over.
 *   N5. What became ready and was not given out is announced: nobody else knows of it yet.
 *   N6. An attempt that asks for labels is given only to an executor that offers all of them.
 */
import { isRunEnded, type Lane } from '@floe/engine';
import { LANES } from '../lane.ts';
import { HINTS_PER_COMMIT_MAX } from '../limits.ts';
import type { EventBatch } from '../events/run-event.ts';
import { lastSequence } from '../events/run-event.ts';
import type { Hint, KnownResult, ReadyAttempt, ResultWish, Supply } from '../ports.ts';
import { labelsFit, labelsOfTask } from '../runs/labels.ts';
import type { RelayNote } from '../runs/relay-note.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { BatchRows, type NewlyReady } from './batch-rows.ts';
import type { Batch, ChangedRun } from './batch.ts';
import { numberTask, type SubmittedInput, type Verdict } from './commit-input.ts';
import type { ExchangeRequest } from './exchange.ts';
import { OpenRun, type DecideContext } from './open-run.ts';
import { ReadyQueues, type Fits, type Place } from './ready-queues.ts';
import { blaming } from './run-fault.ts';
import type { OutboxRow } from './rows.ts';
import { TaskPlaces } from './task-places.ts';

/** A result that is looked for in place of an attempt. */
export type WishedResult = ResultWish & { readonly attempt: NewlyReady };

export type Closed = {
  readonly batch: Batch;
  /** Every open run, as it is now. */
  readonly records: ReadonlyMap<string, RunRecord>;
  readonly hints: readonly Hint[];
};

type Named = { readonly runId: string; readonly task: number };

export class Decision {
  readonly #context: DecideContext;
  readonly #rows = new BatchRows();
  readonly #runs = new Map<string, OpenRun>();
  #queues: ReadyQueues | undefined;
  #places: TaskPlaces | undefined;

  constructor(context: Omit<DecideContext, 'rows'>) {
    this.#context = { ...context, rows: this.#rows };
  }

  open(record: RunRecord, options: { readonly isNew: boolean }): void {
    this.#runs.set(record.runId, new OpenRun(record, this.#context, options.isNew));
  }

  apply(runId: string, submitted: SubmittedInput): Verdict {
    const run = this.#runs.get(runId);
    if (run === undefined) return { kind: 'missing' };
    const input = numberTask(run.record, submitted);
    if (input === undefined) return { kind: 'refused', refusal: 'unknown_task' };
    return blaming(runId, () => run.apply(input));
  }

  /** What became ready since the last call and may be known already (K1). */
  wishesForResults(): readonly WishedResult[] {
    return this.#rows.takeNew().flatMap((attempt) => {
      const wish = this.#runs.get(attempt.runId)?.wishFor(attempt.task);
      return wish === undefined ? [] : [{ ...wish, attempt }];
    });
  }

  /** K2 */
  reuse({ attempt }: WishedResult, known: KnownResult): void {
    const { runId, task, epoch } = attempt;
    const { rows } = known;
    this.#rows.withdraw(attempt);
    const input = { type: 'reuse', task, epoch, rows, known } as const;
    blaming(runId, () => this.#runs.get(runId)?.apply(input));
  }

  recordsOf(runIds: readonly string[]): readonly RunRecord[] {
    return runIds.flatMap((runId) => this.#recordOf(runId) ?? []);
  }

  /** The keys of what could be given out: their places are to be counted first. */
  keysOf(supplies: readonly Supply[]): readonly string[] {
    const waiting = [...supplies.flatMap(({ attempts }) => attempts), ...this.#rows.ready];
    const places = new TaskPlaces(this.#recordOf, new Map(), []);
    return [...new Set(waiting.flatMap((attempt) => places.placeOf(attempt)?.key ?? []))];
  }

  /** Ends the inputs and begins to give out what is ready (N2). */
  offer(supplies: readonly Supply[], running: ReadonlyMap<string, number>): void {
    this.#queues = new ReadyQueues(supplies, this.#rows.ready);
    this.#places = new TaskPlaces(this.#recordOf, running, this.#rows.ends);
  }

  /** What one run makes another do, besides what follows from its inputs. */
  relay(runId: string, payload: RelayNote): void {
    this.#rows.outbox.push({ kind: 'relay', runId, payload });
  }

  /** Runs of this transaction that have ended. */
  ended(): readonly RunRecord[] {
    const runs = [...this.#runs.values()];
    return runs
      .filter((run) => run.hasChanged && isRunEnded(run.head.status))
      .map(({ record }) => record);
  }

  /** Claims for an executor what is ready and what it has room for. */
  give(request: ExchangeRequest): ReadyAttempt[] {
    return LANES.flatMap((lane) => this.#give(request, lane, request.free[lane]));
  }

  /**
   * Claims for executors that wait what nobody else took: workers one each in turn, as their tasks are heavy; of light
   * tasks each takes as many as fit, so that they end together.
   */
  giveInTurn(requests: readonly ExchangeRequest[]): readonly ReadyAttempt[][] {
    const given = requests.map((request) => this.#give(request, 'light', request.free.light));
    let turns = requests.map((request, index) => ({ request, index, left: request.free.slot }));
    while (turns.length > 0) {
      turns = turns.flatMap(({ request, index, left }) => {
        const taken = this.#give(request, 'slot', Math.min(left, 1));
        given[index]!.push(...taken);
        return taken.length === 0 ? [] : [{ request, index, left: left - 1 }];
      });
    }
    return given;
  }

  #give(request: ExchangeRequest, lane: Lane, limit: number): ReadyAttempt[] {
    const given: ReadyAttempt[] = [];
    if (this.#isLate(request)) return given;
    const fits = this.#fitsFor(request);
    while (given.length < limit) {
      const attempt = this.#queues?.take({ pool: request.pool, lane }, fits);
      if (attempt === undefined) break;
      if (this.#claim(attempt, request)) given.push(attempt);
    }
    return given;
  }

  /** N4 */
  #isLate({ answerBy }: ExchangeRequest): boolean {
    return answerBy !== undefined && this.#context.now > answerBy;
  }

  hasMore(request: ExchangeRequest): boolean {
    const { pool, free } = request;
    const fits = this.#fitsFor(request);
    return LANES.some((lane) => free[lane] > 0 && this.#queues?.hasMore({ pool, lane }, fits));
  }

  close(): Closed {
    const runs: ChangedRun[] = [];
    const records = new Map<string, RunRecord>();
    const events: EventBatch[] = [];
    const outbox: OutboxRow[] = [];
    for (const run of this.#runs.values()) {
      const { record, tasks } = run.close();
      records.set(record.runId, record);
      if (!run.hasChanged) continue;
      runs.push({ record, tasks, isNew: run.isNew });
      const batch = run.events();
      if (batch === undefined) continue;
      events.push(batch);
      outbox.push(eventRow(record, batch));
    }
    const { claims, ends } = this.#rows;
    const results = [...new Map(this.#rows.results.map((row) => [row.key, row])).values()];
    const all = [...outbox, ...this.#rows.outbox];
    const batch = { runs, claims, ends, events, outbox: all, results };
    return { batch, records, hints: this.#hints() };
  }

  /** False when the attempt is not ready after all: an input of this transaction came before. */
  #claim({ runId, task, epoch }: ReadyAttempt, request: ExchangeRequest): boolean {
    const attempt = { runId, task, epoch };
    if (this.#places?.isFull(attempt) === true) return this.#passOver(attempt); // N3
    const { executorId, tokenHash } = request;
    const claim = { type: 'claim', task, epoch, executorId, tokenHash } as const;
    const known = this.#rows.ready.length;
    const isClaimed = blaming(runId, () => this.#runs.get(runId)?.apply(claim).kind === 'changed');
    if (!isClaimed) return false;
    this.#places?.take(attempt);
    // The next items of the same task.
    for (const next of this.#rows.ready.slice(known)) this.#queues?.add(next);
    return true;
  }

  #passOver({ runId, task, epoch }: Omit<ReadyAttempt, 'rankAt'>): false {
    const place = this.#places?.placeOf({ runId, task });
    if (place?.onConflict !== 'skip') return false;
    const reason = `all places of ${JSON.stringify(place.key)} are taken`;
    const known = this.#rows.ready.length;
    blaming(runId, () => this.#runs.get(runId)?.apply({ type: 'skip', task, epoch, reason }));
    for (const next of this.#rows.ready.slice(known)) this.#queues?.add(next);
    return false;
  }

  readonly #recordOf = (runId: string): RunRecord | undefined => this.#runs.get(runId)?.record;

  /** N6 */
  #fitsFor({ labels }: ExchangeRequest): Fits {
    return (attempt) => labelsFit(this.#labelsOf(attempt), labels);
  }

  #labelsOf({ runId, task }: Named): readonly string[] {
    const record = this.#recordOf(runId);
    return record === undefined ? [] : labelsOfTask(record, task);
  }

  #hints(): Hint[] {
    const left = this.#rows.ready.length === 0 ? [] : (this.#queues?.left() ?? []);
    const places = left.flatMap(({ attempts, ...place }) => this.#hintsFor(place, attempts));
    return [...places, ...this.#freed()].map((place) => ({
      ...place,
      count: Math.min(place.count, HINTS_PER_COMMIT_MAX),
    }));
  }

  /** What asks for labels is announced to those who offer one of them, not to all who could not take it. */
  #hintsFor(place: Place, attempts: readonly Named[]): Hint[] {
    const counts = new Map<string | undefined, number>();
    for (const attempt of attempts) {
      const labels = this.#labelsOf(attempt);
      for (const label of labels.length === 0 ? [undefined] : labels)
        counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    return [...counts].map(([label, count]) => ({ ...place, count, ...(label && { label }) }));
  }

  /** Where somebody may wait for a place that a keyed attempt has left. */
  #freed(): Hint[] {
    return this.#rows.ends.flatMap(({ runId, task }) => {
      if (this.#places?.placeOf({ runId, task }) === undefined) return [];
      const { plan } = this.#runs.get(runId)!.record;
      const { lane } = plan.graph.tasks[task]!;
      return this.#hintsFor({ pool: plan.workflow.tasks[task]!.pool, lane }, [{ runId, task }]);
    });
  }
}

function eventRow(record: RunRecord, batch: EventBatch): OutboxRow {
  const payload = { first: batch.firstSequence, last: lastSequence(batch) };
  return { kind: 'event', runId: record.runId, payload, events: { record, batch } };
}
