import type { BusMessage, JsonRecord, StopHint } from '@floe/bus';
import type { EventEntity } from '@floe/bus';
import { assert } from '@floe/errors';
import type { StoredOutboxRow } from '../commit/rows.ts';

type HintPayload = { runId: string; taskId: string; epoch: number; pool: string; priority: number };
type StopPayload = StopHint & { executorId: string };
type EventPayload = {
  workflow: string;
  runId: string;
  type: string;
  sequence: number;
  time: number;
  data: JsonRecord;
};

/** The message of a hint or event row. */
export function toBusMessage(row: StoredOutboxRow): BusMessage {
  if (row.kind === 'hint') {
    const payload = row.payload as HintPayload;
    const hint = { ...payload, messageId: `hint-${row.id}`, ...traced(row) };
    return { kind: 'hint', hint };
  }
  const { type, time, ...payload } = row.payload as EventPayload;
  const [entity, event] = type.split('.');
  assert(entity !== undefined && event !== undefined, `event type ${type} has two parts`);
  const id = `${payload.runId}-${payload.sequence}`;
  return {
    kind: 'event',
    event: { ...payload, id, entity: entity as EventEntity, event, timeMs: time, ...traced(row) },
  };
}

export function toStop(row: StoredOutboxRow): { executorId: string; hint: StopHint } {
  const { executorId, ...hint } = row.payload as StopPayload;
  return { executorId, hint };
}

function traced(row: StoredOutboxRow): { traceparent?: string } {
  return row.traceparent === null ? {} : { traceparent: row.traceparent };
}
