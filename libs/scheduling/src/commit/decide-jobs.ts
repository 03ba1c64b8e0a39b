import { newRunState, retriedRunState } from '@floe/engine';
import { toFloeError } from '@floe/errors';
import type { Chance, Hint, Locked, ReadyAttempt, RunTransaction } from '../ports.ts';
import type { PlanOf } from '../runs/run-plan.ts';
import { useKnownResults } from '../results/known-results.ts';
import { placeOfRun } from '../runs/places.ts';
import type { RunRecord } from '../runs/run-record.ts';
import type { CommitResult, Verdict } from './commit-input.ts';
import type { ExchangeResult } from './exchange.ts';
import type { OfferJob } from './standing-offers.ts';
import { RunFault } from './run-fault.ts';
import { Decision } from './decision.ts';
import { demandsOf, runsOf, type CreateJob, type ExchangeJob, type Job } from './job.ts';
import type { NewRun, StoredOutboxRow } from './rows.ts';
import type { RunCache } from './run-cache.ts';
import { askForPlaces, type BeginVerdict } from './run-places.ts';

export type DecideJobsContext = {
  readonly cache: RunCache;
  readonly planOf: PlanOf;
  readonly chance: Chance;
  /** Runs that turned out not to be decidable: they are left alone. */
  readonly faults: ReadonlyMap<string, RunFault>;
  /** Executors that wait for work. */
  readonly offers: readonly OfferJob[];
};

export type Decided = {
  /** The runs that changed, with the revision that they have once this is committed. */
  readonly records: readonly RunRecord[];
  readonly outbox: readonly StoredOutboxRow[];
  readonly hints: readonly Hint[];
  /** Tell each caller what became of its job. */
  readonly answers: readonly (() => void)[];
  /** What went to offers; the others got nothing. */
  readonly taken: ReadonlyMap<OfferJob, ExchangeResult>;
};

/**
 * Decides jobs within one transaction. Changes nothing outside of it, so that it can be called again. Throws a RunFault
 * when one of the runs cannot be decided.
 */
export async function decideJobs(
  tx: RunTransaction,
  jobs: readonly Job[],
  context: DecideJobsContext,
): Promise<Decided> {
  const { faults } = context;
  const runIds = [...new Set(jobs.flatMap(runsOf))].filter((runId) => !faults.has(runId));
  const locked = await tx.lock(runIds.toSorted(), demandsOf(jobs));
  if (faults.size > 0) await tx.postpone([...faults.keys()]);
  const decision = new Decision({ now: locked.now, chance: context.chance });
  for (const record of await readLocked(tx, locked, context)) decision.open(record, OPEN);
  const held = await findHeldAgain(tx, jobs, context.planOf);
  await openNewRuns(tx, { decision, jobs, now: locked.now });
  const begins = await askForPlaces(tx, decision.recordsOf(jobs.flatMap(beginningOf)));
  const verdicts = jobs.map((job) => applyJob(decision, job, begins));
  await useKnownResults(tx, decision);
  const keys = decision.keysOf(locked.supplies);
  const running = keys.length === 0 ? new Map<string, number>() : await tx.countPlaces(keys);
  decision.offer(locked.supplies, running);
  const given = jobs.map((job) => (job.kind === 'exchange' ? give(decision, job, held) : []));
  const offered = decision.giveInTurn(context.offers.map(({ request }) => request));
  const moreReady = jobs.map((job) => job.kind === 'exchange' && decision.hasMore(job.request));
  await freeEnded(tx, decision);
  const { batch, records, hints } = decision.close();
  const ids = await tx.write(batch);
  const answers = jobs.map((job, index) =>
    answerOf(job, {
      verdicts: verdicts[index]!,
      given: given[index]!,
      moreReady: moreReady[index]!,
      faults,
      now: locked.now,
      records: (job.kind === 'exchange' && held.get(job)?.records) || records,
    }),
  );
  return {
    records: batch.runs.map(({ record }) => ({ ...record, revision: record.revision + 1 })),
    outbox: batch.outbox.map((row, index) => ({ ...row, id: ids[index]! })),
    hints,
    answers,
    taken: new Map(
      context.offers.flatMap((offer, index) => {
        const leases = leasesOf(offered[index]!, records);
        if (leases.length === 0) return [];
        const moreReady = decision.hasMore(offer.request);
        return [[offer, { accepted: [], leases, moreReady, decidedAt: locked.now }]];
      }),
    ),
  };
}

const OPEN = { isNew: false };

async function readLocked(
  tx: RunTransaction,
  { revisions }: Locked,
  { cache, planOf, faults }: DecideJobsContext,
): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for (const [runId, revision] of revisions) {
    if (faults.has(runId)) continue;
    const record = cache.get(runId, revision) ?? (await loadBlaming(tx, runId, planOf));
    if (record !== undefined) records.push(record);
  }
  return records;
}

async function loadBlaming(
  tx: RunTransaction,
  runId: string,
  planOf: PlanOf,
): Promise<RunRecord | undefined> {
  try {
    return await tx.loadRun(runId, planOf);
  } catch (error) {
    throw new RunFault(runId, error);
  }
}

/** What a repeated exchange got already, with the runs to tell about. */
type HeldAgain = {
  readonly attempts: readonly ReadyAttempt[];
  readonly records: ReadonlyMap<string, RunRecord>;
};

type Held = ReadonlyMap<ExchangeJob, HeldAgain>;

/** What the tokens of repeated exchanges hold already: their answers were lost. */
async function findHeldAgain(
  tx: RunTransaction,
  jobs: readonly Job[],
  planOf: PlanOf,
): Promise<Held> {
  const held = new Map<ExchangeJob, HeldAgain>();
  for (const job of jobs) {
    if (job.kind !== 'exchange' || !job.request.isRepeated) continue;
    const attempts = await tx.findHeld(job.request.tokenHash);
    const records = new Map<string, RunRecord>();
    for (const { runId } of attempts) {
      const record = records.get(runId) ?? (await tx.loadRun(runId, planOf));
      if (record !== undefined) records.set(runId, record);
    }
    if (attempts.length > 0) held.set(job, { attempts, records });
  }
  return held;
}

async function openNewRuns(
  tx: RunTransaction,
  { decision, jobs, now }: { decision: Decision; jobs: readonly Job[]; now: number },
): Promise<void> {
  const newRuns = jobs.flatMap((job) => (job.kind === 'create' ? [datedAt(job, now)] : []));
  if (newRuns.length === 0) return;
  const stored = await tx.insertRuns(newRuns);
  for (const { record } of newRuns)
    if (stored.has(record.runId)) decision.open(record, { isNew: true });
}

/** A run begins at the clock of the store. */
function datedAt({ newRun }: CreateJob, now: number): NewRun {
  const { plan, parameters } = newRun.record;
  const { timeoutMs } = plan.workflow;
  const options = { now, timeoutMs, parameters };
  const { retry } = newRun;
  const state =
    retry === undefined
      ? newRunState(plan.graph, options)
      : retriedRunState(plan.graph, retry.ended, { ...retry, ...options }).state;
  return { ...newRun, record: { ...newRun.record, state } };
}

/** The run that a job wants to begin. */
function beginningOf(job: Job): readonly string[] {
  if (job.kind === 'create') return [job.newRun.record.runId];
  return job.kind === 'input' && job.input.type === 'start' ? [job.runId] : [];
}

type Begins = ReadonlyMap<string, BeginVerdict>;

function applyJob(decision: Decision, job: Job, begins: Begins): Verdict[] {
  switch (job.kind) {
    case 'input':
      if (job.input.type === 'start') return [begin(decision, job.runId, begins)];
      return [decision.apply(job.runId, job.input)];
    case 'create':
      return [begin(decision, job.newRun.record.runId, begins)];
    case 'exchange':
      return job.request.finished.map(({ runId, input }) => decision.apply(runId, input));
  }
}

/** A run that finds no place waits as queued, or ends as its document says. */
function begin(decision: Decision, runId: string, begins: Begins): Verdict {
  const verdict = begins.get(runId);
  if (verdict === undefined) return { kind: 'missing' };
  if (verdict.kind === 'begin') return decision.apply(runId, { type: 'start' });
  if (verdict.kind === 'give_up') {
    return decision.apply(runId, { type: 'cancel', cause: 'conflict', reason: verdict.reason });
  }
  for (const relay of verdict.relays) decision.relay(runId, relay);
  return { kind: 'changed' };
}

/** The places of runs that have ended go to others. */
async function freeEnded(tx: RunTransaction, decision: Decision): Promise<void> {
  const places = decision.ended().flatMap((record) => {
    const place = placeOfRun(record);
    return place === undefined ? [] : [{ runId: record.runId, key: place.key }];
  });
  if (places.length === 0) return;
  await tx.freePlaces(places);
  for (const { runId, key } of places) decision.relay(runId, { type: 'place_freed', key });
}

/** An exchange that was repeated gets what it has; only one that has nothing, because it never came, takes anew. */
function give(decision: Decision, job: ExchangeJob, held: Held): readonly ReadyAttempt[] {
  return held.get(job)?.attempts ?? decision.give(job.request);
}

type Outcome = {
  readonly verdicts: readonly Verdict[];
  readonly given: readonly ReadyAttempt[];
  readonly moreReady: boolean;
  readonly records: ReadonlyMap<string, RunRecord>;
  readonly faults: ReadonlyMap<string, RunFault>;
  readonly now: number;
};

function answerOf(job: Job, outcome: Outcome): () => void {
  if (job.kind === 'exchange') return () => job.resolve(exchangeResult(outcome));
  const runId = job.kind === 'create' ? job.newRun.record.runId : job.runId;
  const fault = outcome.faults.get(runId);
  if (fault !== undefined) return () => job.reject(toFloeError(fault.cause));
  const [verdict] = outcome.verdicts;
  return () => job.resolve(commitResult(verdict!, outcome.records.get(runId)));
}

function commitResult(verdict: Verdict, record: RunRecord | undefined): CommitResult {
  if (verdict.kind === 'missing' || record === undefined) return { kind: 'missing' };
  return { ...verdict, record };
}

function exchangeResult({ verdicts, given, moreReady, records, now }: Outcome): ExchangeResult {
  const accepted = verdicts.map(({ kind }) => kind === 'changed' || kind === 'repeated');
  return { accepted, leases: leasesOf(given, records), moreReady, decidedAt: now };
}

function leasesOf(
  given: readonly ReadyAttempt[],
  records: ReadonlyMap<string, RunRecord>,
): ExchangeResult['leases'] {
  return given.flatMap(({ runId, task, epoch }) => {
    const record = records.get(runId);
    return record === undefined ? [] : [{ record, task, epoch }];
  });
}
