/** A transaction about runs. */
import type { FloeError } from '@floe/errors';
import {
  BACKFILL_REQUEST_PREFIX,
  SLOT_REQUEST_PREFIX,
  type Batch,
  type Demand,
  type KnownResult,
  type Locked,
  type NewRun,
  type PlaceVerdict,
  type PlaceWish,
  type PlanOf,
  type ReadyAttempt,
  type ResultWish,
  type RunRecord,
  type RunTransaction,
  type Supply,
} from '@floe/scheduling';
import { unavailable } from './control-server.ts';
import { PlaceView } from './place-view.ts';
import { slotKey } from './schedule-tables.ts';
import { LostRace, Session } from './session.ts';
import type { OutboxEntry } from './tables.ts';

const EMPTY: Batch = { runs: [], claims: [], ends: [], events: [], outbox: [], results: [] };

export class Transaction extends Session implements RunTransaction {
  #created: NewRun[] = [];
  readonly #postponed: string[] = [];
  #batch = EMPTY;
  #outbox: OutboxEntry[] = [];
  #places: PlaceView | undefined;
  #lockedAt: number | undefined;

  insertRuns(runs: readonly NewRun[]): Promise<ReadonlySet<string>> {
    return this.statement('insert runs', async () => {
      for (const { requestId } of runs)
        if (requestId !== undefined) await this.lockRow(`request ${requestId}`);
      const known = new Set(this.context.server.tables.requests.keys());
      const added: NewRun[] = [];
      for (const run of runs) {
        const { requestId, record } = run;
        if (requestId !== undefined && (known.has(requestId) || !known.add(requestId))) continue;
        if (await this.#takesSlot(record.runId, requestId)) added.push(run);
      }
      for (const { record } of added) await this.lockRow(record.runId);
      this.#created = [...this.#created, ...added];
      return new Set(added.map(({ record }) => record.runId));
    });
  }

  /** The queues are read as they were when the statement began, the runs as they are once they are locked. */
  lock(runIds: readonly string[], demands: readonly Demand[]): Promise<Locked> {
    return this.statement('lock', async () => {
      const { tables } = this.context.server;
      const revisions = new Map<string, number>();
      const queues = demands.map((demand) => tables.queue(demand).slice(0, demand.limit + 1));
      for (const runId of [...new Set(runIds)].toSorted()) {
        if (!tables.runs.has(runId)) continue;
        await this.lockRow(runId);
        revisions.set(runId, tables.runs.get(runId)!.revision);
      }
      const supplies = demands.map((demand, index) =>
        this.#supply(demand, queues[index]!, revisions),
      );
      this.#lockedAt = this.context.time.now;
      return { now: this.context.server.now(), revisions, supplies };
    });
  }

  loadRun(runId: string, _planOf: PlanOf): Promise<RunRecord | undefined> {
    return this.statement('load run', async () => this.context.server.tables.runs.get(runId));
  }

  findHeld(tokenHash: string): Promise<readonly ReadyAttempt[]> {
    return this.statement('find held', async () => {
      const { tables } = this.context.server;
      return tables
        .runningAttempts()
        .filter((row) => row.tokenHash === tokenHash)
        .map(({ runId, task, epoch }) => ({ runId, task, epoch, rankAt: 0 }));
    });
  }

  findResults(wishes: readonly ResultWish[]): Promise<readonly (KnownResult | undefined)[]> {
    return this.statement('find results', async () => {
      const { server } = this.context;
      return wishes.map(({ key, ttlMs = Infinity }) => {
        const found = server.tables.results.get(key);
        return found !== undefined && server.now() - found.madeAt < ttlMs ? found : undefined;
      });
    });
  }

  postpone(runIds: readonly string[]): Promise<void> {
    return this.statement('postpone', async () => {
      this.#postponed.push(...runIds);
    });
  }

  takePlaces(wishes: readonly PlaceWish[]): Promise<ReadonlyMap<string, PlaceVerdict>> {
    return this.statement('take places', async () => {
      await this.#lockKeys('run', wishes);
      return this.#placeView().take(wishes);
    });
  }

  freePlaces(places: readonly { readonly runId: string; readonly key: string }[]): Promise<void> {
    return this.statement('free places', async () => {
      await this.#lockKeys('run', places);
      this.#placeView().free(places.map(({ runId }) => runId));
    });
  }

  countPlaces(keys: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.statement('count places', async () => {
      await this.#lockKeys(
        'task',
        keys.map((key) => ({ key })),
      );
      const counts = new Map<string, number>();
      for (const { placeKey } of this.context.server.tables.runningAttempts()) {
        if (placeKey !== undefined && keys.includes(placeKey))
          counts.set(placeKey, (counts.get(placeKey) ?? 0) + 1);
      }
      return counts;
    });
  }

  /** Commits as well, unless there is nothing to write. */
  async write(batch: Batch): Promise<readonly number[]> {
    if (Object.values(batch).every(({ length }) => length === 0)) return [];
    return this.lastStatement('write', async () => {
      const { server } = this.context;
      const createdAt = server.now();
      const entries = batch.outbox.map((row) => ({
        row: { ...row, id: server.tables.nextOutboxId() },
        createdAt,
      }));
      this.#batch = batch;
      this.#outbox = entries;
      return entries.map(({ row }) => row.id);
    });
  }

  protected override apply(): void {
    const { server } = this.context;
    const changes = {
      created: this.#created,
      batch: this.#batch,
      by: this.process.name,
      lockedAt: this.#lockedAt,
    };
    this.#places?.apply();
    for (const runId of this.#postponed) server.tables.postpone(runId);
    const commit = server.tables.apply(changes, this.#outbox);
    this.close();
    this.applySchedules();
    server.committed(commit);
  }

  /** As the triggers of the table have it: the run of a slot is stored with its slot, or not at all. */
  async #takesSlot(runId: string, requestId = ''): Promise<boolean> {
    if (requestId.startsWith(SLOT_REQUEST_PREFIX)) return this.#fire(runId, requestId);
    if (requestId.startsWith(BACKFILL_REQUEST_PREFIX)) return this.#startSlot(runId, requestId);
    return true;
  }

  async #fire(runId: string, requestId: string): Promise<boolean> {
    const { slots } = this.schedules;
    const isIt = (row: { readonly requestId?: string; readonly state: string } | undefined) =>
      row?.requestId === requestId && row.state === 'pending';
    const found = slots.values().find(isIt);
    if (found === undefined) return !this.context.server.checksSlots;
    const key = slotKey(found.scheduleId, found.slot);
    await this.lockRow(`slot ${key}`);
    const row = slots.get(key)!;
    if (!isIt(row)) return false;
    const decidedAt = this.context.server.now();
    slots.set(key, { ...row, state: 'fired', runId, isOpen: true, reason: '', decidedAt });
    return true;
  }

  async #startSlot(runId: string, requestId: string): Promise<boolean> {
    const { backfillSlots } = this.schedules;
    const isIt = (row: { readonly requestId?: string; readonly state: string } | undefined) =>
      row?.requestId === requestId && row.state === 'pending';
    const found = backfillSlots.values().find(isIt);
    if (found === undefined) return !this.context.server.checksSlots;
    const key = slotKey(found.backfillId, found.slot);
    await this.lockRow(`backfill slot ${key}`);
    const row = backfillSlots.get(key)!;
    if (!isIt(row)) return false;
    backfillSlots.set(key, { ...row, state: 'started', runId });
    return true;
  }

  #placeView(): PlaceView {
    this.#places ??= new PlaceView(this.context.server.tables);
    return this.#places;
  }

  async #lockKeys(of: 'run' | 'task', places: readonly { readonly key: string }[]): Promise<void> {
    const keys = [...new Set(places.map(({ key }) => key))].toSorted();
    for (const key of keys) await this.lockRow(`key ${of}:${key}`);
  }

  #supply(demand: Demand, queue: readonly ReadyAttempt[], revisions: Map<string, number>): Supply {
    const { tables, locks } = this.context.server;
    const free = queue.filter(({ runId }) => locks.tryTake(runId, this));
    for (const { runId } of free) revisions.set(runId, tables.runs.get(runId)!.revision);
    const attempts = queue.slice(0, demand.limit).filter(({ runId }) => revisions.has(runId));
    return { ...demand, attempts, hasMore: queue.length > demand.limit };
  }
}

export function isLostRace(error: unknown): boolean {
  return error instanceof LostRace;
}

export function raceLost(): FloeError {
  return unavailable('could not serialize access due to concurrent update');
}
