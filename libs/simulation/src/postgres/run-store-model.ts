import type {
  ExpiredLease,
  LeaseVerdict,
  OutboxWish,
  PlanOf,
  RecordedEvents,
  Renewal,
  RunStore,
  RunTransaction,
  StoredOutboxRow,
  UnclaimedVoid,
  Waiting,
} from '@floe/scheduling';
import { LANES, labelsOfTask, lastSequence } from '@floe/scheduling';
import type { ControlServer } from './control-server.ts';
import type { AttemptRow, Tables } from './tables.ts';
import type { SessionContext } from './session.ts';
import { isLostRace, raceLost, Transaction } from './transaction.ts';

// As often as the scheduler's own store tries a transaction that lost a race.
const TRIES_MAX = 4;

/** The control database as one scheduler process sees it. */
export class RunStoreModel implements RunStore {
  readonly #context: SessionContext;
  readonly #server: ControlServer;

  constructor(context: SessionContext) {
    this.#context = context;
    this.#server = context.server;
    context.process.onDeath(() => this.#server.endSessionsOf(context.process));
  }

  async transaction<Result>(work: (tx: RunTransaction) => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries += 1) {
      const tx = new Transaction(this.#context);
      try {
        const result = await work(tx);
        await tx.commit();
        return result;
      } catch (error) {
        tx.abort();
        if (!isLostRace(error)) throw error;
        if (tries >= TRIES_MAX) throw raceLost();
      }
    }
  }

  findDueRuns(limit: number): Promise<readonly string[]> {
    return this.#look('find due runs', (tables) => {
      const now = this.#server.now();
      const due: { readonly runId: string; readonly wakeAt: number }[] = [];
      for (const { runId, state } of tables.runs.values()) {
        const { wakeAt = Infinity } = state;
        if (wakeAt <= now) due.push({ runId, wakeAt });
      }
      return due
        .toSorted((left, right) => left.wakeAt - right.wakeAt)
        .slice(0, limit)
        .map(({ runId }) => runId);
    });
  }

  findExpiredLeases(graceMs: number, limit: number): Promise<readonly ExpiredLease[]> {
    return this.#look('find expired leases', (tables) => {
      const until = this.#server.now() - graceMs;
      return tables
        .runningAttempts()
        .filter(({ leaseUntil }) => leaseUntil !== undefined && leaseUntil < until)
        .slice(0, limit)
        .map(({ runId, task, epoch, executorId }) => ({ runId, task, epoch, executorId }));
    });
  }

  renewLeases(renewals: readonly Renewal[], leaseMs: number): Promise<readonly LeaseVerdict[]> {
    return this.#ask('renew leases', (tables) =>
      renewals.map((renewal) => this.#renew(tables, renewal, leaseMs)),
    );
  }

  findWaiting(readyForMs: number, limit: number): Promise<readonly Waiting[]> {
    return this.#look('find waiting', (tables) => {
      const until = this.#server.now() - readyForMs;
      if (!tables.isAnyReadySince(until)) return [];
      return poolsOf(tables).flatMap((pool) =>
        LANES.flatMap((lane) => {
          const waiting = tables
            .ready({ pool, lane })
            .filter(({ runId, task }) => (readyAtOf(tables, runId, task) ?? 0) <= until);
          const labels = waiting.flatMap((each) => hintLabelsOf(tables, each));
          return [...Map.groupBy(labels, (label) => label)].map(([label, { length }]) => ({
            pool,
            lane,
            limit: Math.min(limit, length),
            ...(label !== undefined && { label }),
          }));
        }),
      );
    });
  }

  findUnclaimedVoids(readyForMs: number, limit: number): Promise<readonly UnclaimedVoid[]> {
    return this.#look('find unclaimed voids', (tables) => {
      const until = this.#server.now() - readyForMs;
      if (!tables.isAnyReadySince(until)) return [];
      return poolsOf(tables)
        .flatMap((pool) => tables.ready({ pool, lane: 'light' }))
        .flatMap(({ runId, task, epoch }) => {
          const { voiding, readyAt = 0 } = tables.runs.get(runId)!.state.tasks[task]!;
          return voiding !== undefined && readyAt < until ? [{ runId, task, epoch, readyAt }] : [];
        })
        .toSorted((left, right) => left.readyAt - right.readyAt)
        .slice(0, limit)
        .map(({ readyAt: _order, ...attempt }) => attempt);
    });
  }

  findWaitingForPlace(key: string, limit: number): Promise<readonly string[]> {
    return this.#ask('find waiting for place', (tables) =>
      [...tables.places.values()]
        .filter((row) => row.key === key && !row.isTaken)
        .toSorted((left, right) => left.position - right.position)
        .slice(0, limit)
        .map(({ runId }) => runId),
    );
  }

  adoptOutbox({ kinds, olderThanMs, limit }: OutboxWish): Promise<readonly StoredOutboxRow[]> {
    return this.#look('adopt outbox', (tables) => {
      if (tables.outbox.size === 0) return [];
      const until = this.#server.now() - olderThanMs;
      return [...tables.outbox.values()]
        .filter(({ row, createdAt }) => kinds.includes(row.kind) && createdAt < until)
        .slice(0, limit)
        .map(({ row: { events: _inMemory, ...stored } }) => stored);
    });
  }

  deleteOutbox(ids: readonly number[]): Promise<void> {
    return this.#ask('delete outbox', (tables) => {
      for (const id of ids) tables.outbox.delete(id);
    });
  }

  forgetResults(limit: number): Promise<void> {
    return this.#ask('forget results', ({ results }) => {
      const now = this.#server.now();
      const old = [...results.values()].filter(({ expiresAt }) => expiresAt < now);
      for (const { key } of old.slice(0, limit)) results.delete(key);
    });
  }

  readEvents(row: StoredOutboxRow, _planOf: PlanOf): Promise<RecordedEvents | undefined> {
    return this.#ask('read events', (tables) => {
      const record = tables.runs.get(row.runId);
      const { first, last } = row.payload as { readonly first: number; readonly last: number };
      const batch = tables.events
        .get(row.runId)
        ?.find((each) => each.firstSequence === first && lastSequence(each) === last);
      return record === undefined || batch === undefined ? undefined : { record, batch };
    });
  }

  #renew(tables: Tables, renewal: Renewal, leaseMs: number): LeaseVerdict {
    const row = findAttempt(tables, renewal);
    if (row?.state !== 'running' || row.tokenHash !== renewal.tokenHash)
      return { isHeld: false, isCancelled: false };
    const leaseUntil = this.#server.now() + leaseMs;
    tables.setLease(row, leaseUntil);
    const { status, cancel, tasks } = tables.runs.get(renewal.runId)!.state;
    const isHard = status === 'cancelling' && cancel?.softUntil === undefined;
    const isCancelled = isHard && tasks[row.task]!.voiding === undefined;
    return { isHeld: true, isCancelled, leaseUntil };
  }

  #look<Row>(what: string, read: (tables: Tables) => readonly Row[]): Promise<readonly Row[]> {
    return this.#server.look(this.#context.process, () => read(this.#server.tables), what);
  }

  #ask<Answer>(what: string, statement: (tables: Tables) => Answer): Promise<Answer> {
    const { process } = this.#context;
    return this.#server.ask(process, () => statement(this.#server.tables), { what });
  }
}

function findAttempt(tables: Tables, { runId, taskId, epoch }: Renewal): AttemptRow | undefined {
  const task = tables.runs.get(runId)?.plan.taskIndexes.get(taskId);
  return task === undefined ? undefined : tables.attempt(runId, task, epoch);
}

/** Under what an attempt is told: each of its labels, or none. */
function hintLabelsOf(
  tables: Tables,
  { runId, task }: { readonly runId: string; readonly task: number },
): readonly (string | undefined)[] {
  const labels = labelsOfTask(tables.runs.get(runId)!, task);
  return labels.length === 0 ? [undefined] : labels;
}

function readyAtOf(tables: Tables, runId: string, task: number): number | undefined {
  return tables.runs.get(runId)?.state.tasks[task]?.readyAt;
}

function poolsOf(tables: Tables): string[] {
  const pools = new Set<string>();
  for (const { plan } of tables.runs.values())
    for (const { pool } of plan.workflow.tasks) pools.add(pool);
  return [...pools].toSorted();
}
