/**
 * One transaction on the control database.
 *
 *   X1. Nothing of it is seen by others before its commit; then all of it is.
 *   X2. Its locks last until it ends: by commit, by rollback, or because its session is gone.
 *   X3. A session that is idle within a transaction for too long is ended by the server, so that who is frozen keeps
 *       nobody waiting for ever.
 */
import type { FloeError } from '@floe/errors';
import type {
  Batch,
  Demand,
  Locked,
  NewRun,
  PlaceVerdict,
  PlaceWish,
  PlanOf,
  ReadyAttempt,
  RunRecord,
  RunTransaction,
  Supply,
} from '@floe/scheduling';
import type { FaultGate } from '../faults/fault-gate.ts';
import type { Happening, VirtualTime } from '../world/virtual-time.ts';
import type { Process } from '../world/process.ts';
import { unavailable, type ControlServer } from './control-server.ts';
import { PlaceView } from './place-view.ts';
import type { OutboxEntry } from './tables.ts';

// `idle_in_transaction_session_timeout` and `statement_timeout` of Floe's sessions.
const IDLE_MS = 15_000;
const LOCK_WAIT_MS = 15_000;
// `deadlock_timeout`: only then PostgreSQL looks whether waiting is in vain.
const DEADLOCK_MS = 1_000;
// From the server's commit to the client's ear.
const COMMIT_ANSWER_MS = 1;

const EMPTY: Batch = { runs: [], claims: [], ends: [], events: [], outbox: [] };

export type TransactionContext = {
  readonly server: ControlServer;
  readonly process: Process;
  readonly time: VirtualTime;
  readonly faults: FaultGate;
};

/** Thrown when the transaction lost a race: the store begins it again. */
export class LostRace extends Error {}

export class Transaction implements RunTransaction {
  readonly #context: TransactionContext;
  readonly process: Process;
  #created: NewRun[] = [];
  readonly #postponed: string[] = [];
  #batch = EMPTY;
  #outbox: OutboxEntry[] = [];
  #places: PlaceView | undefined;
  #lockedAt: number | undefined;
  #hasEnded = false;
  #idle: Happening | undefined;

  constructor(context: TransactionContext) {
    this.#context = context;
    this.process = context.process;
    context.server.sessions.add(this);
    this.#restartIdle();
  }

  insertRuns(runs: readonly NewRun[]): Promise<ReadonlySet<string>> {
    return this.#statement('insert runs', async () => {
      for (const { requestId } of runs)
        if (requestId !== undefined) await this.#lockRow(`request ${requestId}`);
      const known = new Set(this.#context.server.tables.requests.keys());
      const added = runs.filter(({ requestId }) => {
        if (requestId === undefined) return true;
        return !known.has(requestId) && known.add(requestId);
      });
      for (const { record } of added) await this.#lockRow(record.runId);
      this.#created = [...this.#created, ...added];
      return new Set(added.map(({ record }) => record.runId));
    });
  }

  /** The queues are read as they were when the statement began, the runs as they are once they are locked. */
  lock(runIds: readonly string[], demands: readonly Demand[]): Promise<Locked> {
    return this.#statement('lock', async () => {
      const { tables } = this.#context.server;
      const revisions = new Map<string, number>();
      const queues = demands.map((demand) => tables.queue(demand).slice(0, demand.limit + 1));
      for (const runId of [...new Set(runIds)].toSorted()) {
        if (!tables.runs.has(runId)) continue;
        await this.#lockRow(runId);
        revisions.set(runId, tables.runs.get(runId)!.revision);
      }
      const supplies = demands.map((demand, index) =>
        this.#supply(demand, queues[index]!, revisions),
      );
      this.#lockedAt = this.#context.time.now;
      return { now: this.#context.server.now(), revisions, supplies };
    });
  }

  loadRun(runId: string, _planOf: PlanOf): Promise<RunRecord | undefined> {
    return this.#statement('load run', async () => this.#context.server.tables.runs.get(runId));
  }

  findHeld(tokenHash: string): Promise<readonly ReadyAttempt[]> {
    return this.#statement('find held', async () => {
      const { tables } = this.#context.server;
      return tables
        .runningAttempts()
        .filter((row) => row.tokenHash === tokenHash)
        .map(({ runId, task, epoch }) => ({ runId, task, epoch, rankAt: 0 }));
    });
  }

  postpone(runIds: readonly string[]): Promise<void> {
    return this.#statement('postpone', async () => {
      this.#postponed.push(...runIds);
    });
  }

  takePlaces(wishes: readonly PlaceWish[]): Promise<ReadonlyMap<string, PlaceVerdict>> {
    return this.#statement('take places', async () => {
      await this.#lockKeys('run', wishes);
      return this.#placeView().take(wishes);
    });
  }

  freePlaces(places: readonly { readonly runId: string; readonly key: string }[]): Promise<void> {
    return this.#statement('free places', async () => {
      await this.#lockKeys('run', places);
      this.#placeView().free(places.map(({ runId }) => runId));
    });
  }

  countPlaces(keys: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.#statement('count places', async () => {
      await this.#lockKeys(
        'task',
        keys.map((key) => ({ key })),
      );
      const counts = new Map<string, number>();
      for (const { placeKey } of this.#context.server.tables.runningAttempts()) {
        if (placeKey !== undefined && keys.includes(placeKey))
          counts.set(placeKey, (counts.get(placeKey) ?? 0) + 1);
      }
      return counts;
    });
  }

  write(batch: Batch): Promise<readonly number[]> {
    return this.#statement('write', async () => {
      const { server } = this.#context;
      const createdAt = server.now();
      const entries = batch.outbox.map((row) => ({
        row: { ...row, id: server.tables.nextOutboxId() },
        createdAt,
      }));
      this.#batch = joined(this.#batch, batch);
      this.#outbox = [...this.#outbox, ...entries];
      return entries.map(({ row }) => row.id);
    });
  }

  /** Errors: DATABASE_UNAVAILABLE, after which it may have taken effect or not. */
  async commit(): Promise<void> {
    const { server, process, faults } = this.#context;
    const options = { what: 'commit', answerMs: COMMIT_ANSWER_MS };
    const end = () => {
      this.#assertOpen();
      if (faults.hits('commit-unknown-undone', process.name)) {
        this.abort();
        throw unavailable('the connection was lost while committing');
      }
      this.#apply();
      if (faults.hits('commit-unknown-done', process.name))
        throw unavailable('the connection was lost while committing');
    };
    try {
      await server.ask(process, end, options);
    } finally {
      this.abort();
    }
  }

  /** Ends it without effect, unless it has ended. */
  abort(): void {
    if (this.#hasEnded) return;
    this.#end();
  }

  #apply(): void {
    const { server } = this.#context;
    const changes = {
      created: this.#created,
      batch: this.#batch,
      by: this.process.name,
      lockedAt: this.#lockedAt,
    };
    this.#places?.apply();
    for (const runId of this.#postponed) server.tables.postpone(runId);
    const commit = server.tables.apply(changes, this.#outbox);
    this.#end();
    server.committed(commit);
  }

  #end(): void {
    this.#hasEnded = true;
    if (this.#idle !== undefined) this.#idle.callOff();
    this.#context.server.sessions.delete(this);
    this.#context.server.locks.release(this);
  }

  async #statement<Answer>(what: string, body: () => Promise<Answer>): Promise<Answer> {
    const { server, process, faults } = this.#context;
    const run = () => {
      this.#assertOpen();
      if (faults.hits('serialization', `${process.name} ${what}`)) throw new LostRace(what);
      this.#restartIdle();
      return body();
    };
    try {
      return await server.ask(process, run, { what });
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  #assertOpen(): void {
    if (this.#hasEnded) throw unavailable('the server has ended the session');
  }

  /** X3 */
  #restartIdle(): void {
    if (this.#idle !== undefined) this.#idle.callOff();
    this.#idle = this.#context.time.after(IDLE_MS, () => this.abort());
  }

  #placeView(): PlaceView {
    this.#places ??= new PlaceView(this.#context.server.tables);
    return this.#places;
  }

  async #lockKeys(of: 'run' | 'task', places: readonly { readonly key: string }[]): Promise<void> {
    const keys = [...new Set(places.map(({ key }) => key))].toSorted();
    for (const key of keys) await this.#lockRow(`key ${of}:${key}`);
  }

  async #lockRow(row: string): Promise<void> {
    this.#assertOpen();
    const { server, time } = this.#context;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let timers: readonly Happening[] = [];
    const granted = () => {
      for (const timer of timers) timer.callOff();
      resolve();
    };
    if (server.locks.take(row, this, granted)) return;
    const late = () => reject(unavailable('canceling statement due to statement timeout'));
    const look = () => {
      if (server.locks.isDeadlocked(this)) reject(new LostRace('deadlock detected'));
    };
    timers = [time.after(LOCK_WAIT_MS, late), time.after(DEADLOCK_MS, look)];
    await promise;
    // It may have been ended in the instant in which it got the lock.
    this.#assertOpen();
  }

  #supply(demand: Demand, queue: readonly ReadyAttempt[], revisions: Map<string, number>): Supply {
    const { tables, locks } = this.#context.server;
    const free = queue.filter(({ runId }) => locks.tryTake(runId, this));
    for (const { runId } of free) revisions.set(runId, tables.runs.get(runId)!.revision);
    const attempts = queue.slice(0, demand.limit).filter(({ runId }) => revisions.has(runId));
    return { ...demand, attempts, hasMore: queue.length > demand.limit };
  }
}

function joined(left: Batch, right: Batch): Batch {
  return {
    runs: [...left.runs, ...right.runs],
    claims: [...left.claims, ...right.claims],
    ends: [...left.ends, ...right.ends],
    events: [...left.events, ...right.events],
    outbox: [...left.outbox, ...right.outbox],
  };
}

export function isLostRace(error: unknown): boolean {
  return error instanceof LostRace;
}

export function raceLost(): FloeError {
  return unavailable('could not serialize access due to concurrent update');
}
