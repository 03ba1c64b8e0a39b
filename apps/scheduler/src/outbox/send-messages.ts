import type { Bus, BusMessage } from '@floe/bus';
import type { Log } from '@floe/telemetry';
import type { StoredOutboxRow } from '../commit/rows.ts';
import { toBusMessage, toStop } from './outbox-messages.ts';

export type MessageSender = { readonly bus: Bus; readonly log: Log };

/** Sends hints and events to JetStream and stop hints to executors. Gives the ids of the rows that may go. */
export async function sendMessages(
  { bus, log }: MessageSender,
  rows: readonly StoredOutboxRow[],
): Promise<number[]> {
  const stopped: number[] = [];
  const messages: { id: number; message: BusMessage }[] = [];
  for (const row of rows) {
    try {
      if (row.kind === 'control') stopped.push(sendStop(bus, row));
      else messages.push({ id: row.id, message: toBusMessage(row) });
    } catch (error) {
      // A broken row, or a connection that is closing. It stays, the others go (O3).
      log.error({ err: error, outbox_id: row.id }, 'an outbox row cannot be sent');
    }
  }
  const outcomes = await bus.publishBatch(messages.map(({ message }) => message));
  const failed = outcomes.find((outcome) => outcome.error !== undefined);
  if (failed !== undefined) log.warn({ err: failed.error }, 'NATS did not take outbox rows');
  const published = messages.filter((_, index) => outcomes[index]?.error === undefined);
  return [...stopped, ...published.map(({ id }) => id)];
}

function sendStop(bus: Bus, row: StoredOutboxRow): number {
  const { executorId, hint } = toStop(row);
  // Core NATS confirms nothing: when it is lost, the next renewal of the lease says the same.
  bus.publishStop(executorId, hint);
  return row.id;
}
