/**
 * Rows of the outbox on their way to one kind of receiver. Each receiver has a lane of its own, so that a slow one
 * holds up nobody else's rows.
 *
 *   O1. A row is deleted only after its receiver has confirmed it, so it leaves at least once.
 *   O2. Rows of a commit leave at once, from memory. What memory lost (a crash, a full queue, a receiver that was
 *       down) is found in the table by the next pass of `adopt`.
 *   O3. What was sent is deleted a moment later, all at once, and holds up nothing that is still to be sent.
 *   O4. A row that cannot be sent does not hold up the others of its lane.
 */
import { OUTBOX_ADOPT_MS, OUTBOX_DELETE_MS } from '../limits.ts';
import type { OutboxKind, StoredOutboxRow } from '../commit/rows.ts';
import type { Log, RunStore, Timers } from '../ports.ts';

export type LaneOptions = {
  readonly store: Pick<RunStore, 'adoptOutbox' | 'deleteOutbox'>;
  readonly log: Log;
  readonly timers: Timers;
  readonly kinds: readonly OutboxKind[];
  /** Rows that wait in memory, and that one pass of `adopt` takes. */
  readonly rowsMax: number;
  /** Sends rows and gives the ids of those that were confirmed. */
  readonly send: (rows: readonly StoredOutboxRow[]) => Promise<readonly number[]>;
};

export class OutboxLane {
  readonly #options: LaneOptions;
  /** Rows that wait, are under way or are about to be deleted, so that `adopt` does not take them a second time. */
  readonly #known = new Set<number>();
  #queue: StoredOutboxRow[] = [];
  #working: Promise<void> | undefined;
  #sent: number[] = [];
  #forgetDeletion: (() => void) | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Takes the rows of its kinds. Does not throw and does not wait. */
  push(rows: readonly StoredOutboxRow[]): void {
    for (const row of rows) {
      if (this.#queue.length >= this.#options.rowsMax) break; // O2
      if (!this.#options.kinds.includes(row.kind) || this.#known.has(row.id)) continue;
      this.#known.add(row.id);
      this.#queue.push(row);
    }
    if (this.#queue.length > 0) this.#working ??= this.#work();
  }

  /** Looks for rows that were left behind, and waits until the lane is empty. */
  async adopt(): Promise<void> {
    const { store, kinds, rowsMax } = this.#options;
    if (this.#queue.length === 0) {
      const wanted = { kinds, olderThanMs: OUTBOX_ADOPT_MS, limit: rowsMax };
      this.push(await store.adoptOutbox(wanted));
    }
    await this.#working;
  }

  async stop(): Promise<void> {
    await this.#working;
    this.#forgetDeletion?.();
    await this.#deleteSent();
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0) {
      const rows = this.#queue;
      this.#queue = [];
      try {
        this.#noteSent(rows, await this.#options.send(rows));
      } catch (error) {
        // The rows stay in the table; `adopt` sends them again.
        this.#options.log.warn({ err: error }, 'outbox rows could not be sent');
        for (const row of rows) this.#known.delete(row.id);
      }
    }
    this.#working = undefined;
  }

  #noteSent(rows: readonly StoredOutboxRow[], sent: readonly number[]): void {
    for (const row of rows) this.#known.delete(row.id);
    if (sent.length === 0) return;
    for (const id of sent) this.#known.add(id);
    this.#sent.push(...sent);
    const { timers } = this.#options;
    this.#forgetDeletion ??= timers.after(OUTBOX_DELETE_MS, () => void this.#deleteSent());
  }

  /** O3 */
  async #deleteSent(): Promise<void> {
    this.#forgetDeletion = undefined;
    const ids = this.#sent;
    this.#sent = [];
    if (ids.length === 0) return;
    try {
      await this.#options.store.deleteOutbox(ids);
    } catch (error) {
      // They will be sent again; receivers drop doubles.
      this.#options.log.warn({ err: error }, 'outbox rows could not be deleted');
    } finally {
      for (const id of ids) this.#known.delete(id);
    }
  }
}
