/**
 * Bugs as people make them, each planted at a port or in a model, never in the code under test. The checkers must see
 * every one of them: that is what their silence is worth.
 */
import type { Clock } from '@floe/execution';
import { FloeError } from '@floe/errors';
import type {
  Batch,
  ExchangeRequest,
  RunRecord,
  RunStore,
  RunTransaction,
  StoredOutboxRow,
} from '@floe/scheduling';
import type { Seams } from '../src/index.ts';
import { bound, inTransactions, type PlantedBug } from './planting.ts';
import { SCHEDULE_BUGS } from './planted-schedule-bugs.ts';
import { BREADTH_BUGS } from './planted-breadth-bugs.ts';
import { KNOWN_BUGS } from './planted-known-bugs.ts';
import { RETRY_BUGS } from './planted-retry-bugs.ts';
import { OFFER_BUGS } from './planted-offer-bugs.ts';
import { PARTITION_BUGS } from './planted-partition-bugs.ts';

// The safety look of an executor comes after 2.1 to 3.9 s; no other timer of it does.
const SAFETY_MS = [2_000, 4_000] as const;
// The look for progress comes when a word is overdue; no other timer of an executor does.
const STALL_MS = [1_000, 1_501] as const;
// The fence of an executor comes four fifths of a lease after the last renewal.
const FENCE_MS = [4_000, 4_801] as const;

function withoutTimers(clock: Clock, [from, to]: readonly [number, number]): Clock {
  const never = () => {};
  return {
    ...clock,
    after: (ms, callback) => (ms > from && ms < to ? never : clock.after(ms, callback)),
  };
}

function neverAnnouncesAgain(store: RunStore): RunStore {
  return { ...bound(store), findWaiting: () => Promise.resolve([]) };
}

/** An end that arrives is taken for that of the attempt that runs now. */
function forgetEpochs(
  request: ExchangeRequest,
  tables: Parameters<NonNullable<Seams['exchange']>>[1],
) {
  const finished = request.finished.map((one) => {
    const record = tables.runs.get(one.runId);
    const task = record?.plan.taskIndexes.get(one.input.taskId) ?? -1;
    const epoch = record?.state.tasks[task]?.epoch ?? one.input.epoch;
    const tokenHash = record?.details[task]?.tokenHash ?? one.input.tokenHash;
    return { ...one, input: { ...one.input, epoch, tokenHash } };
  });
  return { ...request, finished };
}

function reopened(record: RunRecord | undefined): RunRecord | undefined {
  if (record?.state.endedAt === undefined) return record;
  return { ...record, state: { ...record.state, status: 'running', endedAt: undefined } };
}

function chargedLater(batch: Batch): Batch {
  const runs = batch.runs.map(({ record, ...rest }) => {
    const tasks = record.state.tasks.map((task) =>
      task.status === 'running' ? { ...task, attempts: task.attempts - 1 } : task,
    );
    return { ...rest, record: { ...record, state: { ...record.state, tasks } } };
  });
  return { ...batch, runs };
}

/** Every row but those of events; the places of the others stay. */
async function writeWithoutEvents(tx: RunTransaction, batch: Batch): Promise<readonly number[]> {
  const kept = batch.outbox.filter(({ kind }) => kind !== 'event');
  const ids = [...(await tx.write({ ...batch, outbox: kept }))];
  return batch.outbox.map(({ kind }) => (kind === 'event' ? -1 : ids.shift()!));
}

/** What this process saw of a run last counts, whatever the row says. */
function remembersRevisions(): Seams['store'] {
  const known = new Map<string, Map<string, number>>();
  return (store, { name }) => {
    const seen = known.get(name) ?? new Map<string, number>();
    known.set(name, seen);
    return inTransactions((tx) => ({
      async lock(runIds, demands) {
        const locked = await tx.lock(runIds, demands);
        const revisions = [...locked.revisions].map(
          ([runId, revision]) => [runId, seen.get(runId) ?? revision] as const,
        );
        return { ...locked, revisions: new Map(revisions) };
      },
      async write(batch) {
        for (const { record } of batch.runs) seen.set(record.runId, record.revision + 1);
        return tx.write(batch);
      },
    }))!(store, { name });
  };
}

/** Rows that nobody stored have no numbers. */
function believesItsWrite(tx: RunTransaction): RunTransaction {
  return {
    ...bound(tx),
    async write(batch) {
      try {
        return await tx.write(batch);
      } catch (error) {
        if (!(error instanceof FloeError)) throw error;
        return batch.outbox.map(() => -1);
      }
    },
  };
}

function believesEveryCommit(store: RunStore): RunStore {
  return {
    ...bound(store),
    async transaction(work) {
      let result: { readonly value: Awaited<ReturnType<typeof work>> } | undefined;
      try {
        return await store.transaction(async (tx) => {
          const value = await work(believesItsWrite(tx));
          result = { value };
          return value;
        });
      } catch (error) {
        if (result !== undefined && error instanceof FloeError) return result.value;
        throw error;
      }
    },
  };
}

/** Its clock is ten minutes ahead or behind, as its name has it. */
function reapsByItsOwnClock(store: RunStore, { name }: { readonly name: string }): RunStore {
  const skewMs = name.endsWith('1') ? 600_000 : -600_000;
  return {
    ...bound(store),
    findExpiredLeases: (graceMs, limit) => store.findExpiredLeases(graceMs - skewMs, limit),
  };
}

export const PLANTED_BUGS: readonly PlantedBug[] = [
  { name: 'the epoch of an end is not checked', seams: { exchange: forgetEpochs } },
  {
    name: 'an exchange takes leases although its caller has given up',
    seams: { exchange: (request) => ({ ...request, answerBy: Number.MAX_SAFE_INTEGER }) },
  },
  {
    name: 'a hint is acknowledged before it is looked at, and nothing looks again',
    seams: {
      store: neverAnnouncesAgain,
      clock: (clock) => withoutTimers(clock, SAFETY_MS),
      hints: (hints) => ({
        async next(lane, signal) {
          (await hints.next(lane, signal))?.ack();
          return undefined;
        },
      }),
    },
  },
  {
    name: 'a hint is sent only once, and nothing looks again',
    seams: { store: neverAnnouncesAgain, clock: (clock) => withoutTimers(clock, SAFETY_MS) },
  },
  {
    name: 'events are sent but have no row in the outbox',
    seams: { store: inTransactions((tx) => ({ write: (batch) => writeWithoutEvents(tx, batch) })) },
  },
  {
    name: 'outbox rows are deleted without a confirmation',
    seams: {
      publisher: (publisher) => ({
        ...bound(publisher),
        async publishEvents(batches) {
          await publisher.publishEvents(batches);
          return batches.map(() => true);
        },
      }),
    },
  },
  {
    name: 'outbox rows that were left behind are never adopted',
    seams: {
      store: (store) => ({
        ...bound(store),
        adoptOutbox: () => Promise.resolve<StoredOutboxRow[]>([]),
      }),
    },
  },
  { name: 'a load does not ask whether it is done', seams: { load: { checksDone: false } } },
  {
    name: 'a load has no fence',
    seams: { load: { checksDone: false, checksEpoch: false } },
  },
  {
    name: 'a load is said to be ruled out, and has no mark in the target',
    seams: { load: { marksVoid: false } },
  },
  {
    name: 'a load that no executor rules out is taken for void, and nobody asks the target',
    seams: { targets: () => ({ ruleOut: async () => ({ isVoid: true, rows: 0, bytes: 0 }) }) },
  },
  {
    name: 'a load that no executor rules out is taken for done, and nobody asks the target',
    seams: { targets: () => ({ ruleOut: async () => ({ isVoid: false, rows: 1, bytes: 1 }) }) },
  },
  {
    name: 'an attempt is charged when it fails, not when it is claimed',
    seams: { store: inTransactions((tx) => ({ write: (batch) => tx.write(chargedLater(batch)) })) },
  },
  { name: 'leases are judged by the clock of the node', seams: { store: reapsByItsOwnClock } },
  {
    name: 'leases that ran out are never ended',
    seams: {
      store: (store) => ({ ...bound(store), findExpiredLeases: () => Promise.resolve([]) }),
    },
  },
  {
    name: 'runs that are due are never woken',
    seams: { store: (store) => ({ ...bound(store), findDueRuns: () => Promise.resolve([]) }) },
  },
  {
    name: 'a terminal state is changed by what comes late',
    seams: {
      store: inTransactions((tx) => ({
        loadRun: async (runId, planOf) => reopened(await tx.loadRun(runId, planOf)),
      })),
    },
  },
  {
    name: 'an executor works on without its lease: every renewal says held, and there is no fence',
    seams: {
      clock: (clock) => withoutTimers(clock, FENCE_MS),
      store: (store) => ({
        ...bound(store),
        async renewLeases(renewals, leaseMs) {
          const verdicts = await store.renewLeases(renewals, leaseMs);
          return verdicts.map((verdict) => ({ ...verdict, isHeld: true }));
        },
      }),
    },
  },
  {
    name: 'a request id does not keep a second run away',
    seams: {
      store: inTransactions((tx) => ({
        insertRuns: (runs) => tx.insertRuns(runs.map(({ record }) => ({ record }))),
      })),
    },
  },
  {
    name: 'a cancel does not reach what runs',
    seams: {
      publisher: (publisher) => ({ ...bound(publisher), publishStop: () => {} }),
      scheduler: (scheduler) => ({
        ...bound(scheduler),
        async renew(renewals, deadlineMs) {
          const verdicts = await scheduler.renew(renewals, deadlineMs);
          return verdicts.map((verdict) => ({ ...verdict, cancel: false }));
        },
      }),
    },
  },
  {
    name: 'work is reported as ended before it is gone',
    seams: {
      worker: (worker) => ({
        get free() {
          return worker.free;
        },
        onRoom: (listener) => worker.onRoom(listener),
        run(lease, listener) {
          let isStopped = false;
          const onEnd: typeof listener.onEnd = (end) => isStopped || listener.onEnd(end);
          const work = worker.run(lease, { ...bound(listener), onEnd });
          const stop = () => {
            isStopped = true;
            const failure = { code: 'CANCELLED', message: '', details: {}, retryable: true };
            listener.onEnd({ kind: 'died', failure, peakMemoryBytes: 0 });
          };
          return { ...bound(work), stop };
        },
      }),
    },
  },
  {
    name: 'nobody notices that work makes no progress',
    seenBy: 'stalled-work-ends',
    seams: { clock: (clock) => withoutTimers(clock, STALL_MS) },
  },
  { name: 'the revision of a run is not compared', seams: { store: remembersRevisions()! } },
  { name: 'runs are not locked', seams: { locksRows: false } },
  { name: 'a commit without an answer is taken for done', seams: { store: believesEveryCommit } },
  ...BREADTH_BUGS,
  ...SCHEDULE_BUGS,
  ...OFFER_BUGS,
  ...PARTITION_BUGS,
  ...KNOWN_BUGS,
  ...RETRY_BUGS,
];
