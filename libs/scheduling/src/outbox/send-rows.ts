import type { StoredOutboxRow } from '../commit/rows.ts';
import type { RecordedEvents } from '../events/run-event.ts';
import { TRACE_FAILURES_MAX } from '../limits.ts';
import type { Log, Publisher, RunStore, StopNote } from '../ports.ts';
import type { PlanOf } from '../runs/run-plan.ts';

export type SenderOptions = {
  readonly store: Pick<RunStore, 'readEvents'>;
  readonly publisher: Publisher;
  readonly planOf: PlanOf;
  readonly log: Log;
};

/** Sends events to subscribers and stop notes to executors. Gives the ids of the rows that may go. */
export async function sendMessages(
  options: SenderOptions,
  rows: readonly StoredOutboxRow[],
): Promise<number[]> {
  const done: number[] = [];
  const batches: { readonly id: number; readonly events: RecordedEvents }[] = [];
  for (const row of rows) {
    try {
      if (row.kind === 'stop') {
        options.publisher.publishStop(row.payload as StopNote);
        done.push(row.id);
        continue;
      }
      const events = row.events ?? (await options.store.readEvents(row, options.planOf));
      if (events === undefined) done.push(row.id);
      else batches.push({ id: row.id, events });
    } catch (error) {
      // A broken row, or a connection that is closing. It stays, the others go (O3).
      options.log.error({ err: error, outbox_id: row.id }, 'an outbox row cannot be sent');
    }
  }
  const confirmed = await options.publisher.publishEvents(batches.map(({ events }) => events));
  return [...done, ...batches.filter((_, index) => confirmed[index]).map(({ id }) => id)];
}

/** Exports the traces of runs that have ended. Gives the ids of the rows whose trace the collector accepted. */
export async function sendTraces(
  { publisher, log }: Pick<SenderOptions, 'publisher' | 'log'>,
  rows: readonly StoredOutboxRow[],
): Promise<number[]> {
  const sent: number[] = [];
  let failures = 0;
  for (const row of rows) {
    if (failures >= TRACE_FAILURES_MAX) break;
    try {
      await publisher.exportTrace(row.runId);
      sent.push(row.id);
      failures = 0;
    } catch (error) {
      failures += 1;
      log.warn({ err: error, run_id: row.runId }, 'the trace of a run was not accepted');
    }
  }
  return sent;
}
