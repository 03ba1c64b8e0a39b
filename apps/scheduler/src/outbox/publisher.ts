/**
 * Sends what the outbox holds: hints and events to JetStream, stop hints to executors, finished traces to the OTLP
 * collector.
 *
 *   O1. A row is deleted only after its receiver has confirmed it, so it leaves at least once.
 *   O2. Rows of a commit leave at once, from memory. What memory lost (a crash, a full queue, a receiver that was
 *       down) is found in the table by the next pass of `adopt`.
 *   O3. One row that cannot be sent does not hold up the others.
 */
import type { Bus, BusMessage } from '@floe/bus';
import type { ControlDatabase } from '@floe/database';
import type { Log } from '@floe/telemetry';
import type { StoredOutboxRow } from '../commit/rows.ts';
import { PUBLISH_QUEUE_MAX } from '../limits.ts';
import { adoptOutboxRows, deleteOutboxRows } from '../store/outbox.ts';
import { emitRunTrace } from '../trace/emit-run-trace.ts';
import { toBusMessage, toStop } from './outbox-messages.ts';

export type PublisherOptions = {
  readonly db: ControlDatabase['db'];
  readonly bus: Bus;
  readonly log: Log;
};

export class OutboxPublisher {
  readonly #options: PublisherOptions;
  /** Rows that wait or are under way, so that `adopt` does not take them a second time. */
  readonly #known = new Set<number>();
  #queue: StoredOutboxRow[] = [];
  #working: Promise<void> | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Takes rows that were committed just now. Does not throw and does not wait. */
  push(rows: readonly StoredOutboxRow[]): void {
    for (const row of rows) {
      if (this.#queue.length >= PUBLISH_QUEUE_MAX) break; // O2
      if (this.#known.has(row.id)) continue;
      this.#known.add(row.id);
      this.#queue.push(row);
    }
    if (this.#queue.length > 0) this.#working ??= this.#work();
  }

  /** Looks for rows that were left behind. */
  async adopt(): Promise<void> {
    if (this.#queue.length > 0) return;
    this.push(await adoptOutboxRows(this.#options.db));
    await this.#working;
  }

  async stop(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0) {
      const rows = this.#queue;
      this.#queue = [];
      try {
        await deleteOutboxRows(this.#options.db, await this.#send(rows));
      } catch (error) {
        // The rows stay in the table; `adopt` sends them again.
        this.#options.log.warn({ err: error }, 'outbox rows could not be deleted');
      } finally {
        for (const row of rows) this.#known.delete(row.id);
      }
    }
    this.#working = undefined;
  }

  /** Sends rows and returns the ids of those that were confirmed. */
  async #send(rows: readonly StoredOutboxRow[]): Promise<number[]> {
    const stopped = rows.filter((row) => row.kind === 'control').map((row) => this.#sendStop(row));
    const [published, traced] = await Promise.all([
      this.#sendMessages(rows),
      this.#sendTraces(rows),
    ]);
    return [...stopped, ...published, ...traced];
  }

  #sendStop(row: StoredOutboxRow): number {
    const { executorId, hint } = toStop(row);
    // Core NATS confirms nothing: when it is lost, the next renewal of the lease says the same.
    this.#options.bus.publishStop(executorId, hint);
    return row.id;
  }

  async #sendMessages(rows: readonly StoredOutboxRow[]): Promise<number[]> {
    const messages: { id: number; message: BusMessage }[] = [];
    for (const row of rows) {
      const message = toBusMessage(row);
      if (message !== undefined) messages.push({ id: row.id, message });
    }
    const outcomes = await this.#options.bus.publishBatch(messages.map(({ message }) => message));
    const failed = outcomes.find((outcome) => outcome.error !== undefined);
    if (failed !== undefined)
      this.#options.log.warn({ err: failed.error }, 'NATS did not take outbox rows');
    return messages.filter((_, index) => outcomes[index]?.error === undefined).map(({ id }) => id);
  }

  async #sendTraces(rows: readonly StoredOutboxRow[]): Promise<number[]> {
    const sent: number[] = [];
    for (const row of rows.filter(({ kind }) => kind === 'trace')) {
      try {
        await emitRunTrace(this.#options.db, row.run_id);
        sent.push(row.id);
      } catch (error) {
        this.#options.log.warn(
          { err: error, run_id: row.run_id },
          'the trace of a run was not accepted',
        );
      }
    }
    return sent;
  }
}
