import type { Bus, BusMessage, EventEntity } from '@floe/bus';
import type { ControlDatabase } from '@floe/database';
import { assert } from '@floe/errors';
import {
  eventContext,
  expandEvents,
  taskTraceparent,
  type ExpandedEvent,
  type Publisher,
  type RecordedEvents,
} from '@floe/scheduling';
import type { Log } from '@floe/telemetry';
import { emitRunTrace } from '../trace/emit-run-trace.ts';

export type PublisherParts = {
  readonly bus: Bus;
  readonly db: ControlDatabase['db'];
  readonly log: Log;
};

/** What leaves a scheduler: over NATS, and as spans of runs that have ended. */
export function natsPublisher({ bus, db, log }: PublisherParts): Publisher {
  return {
    publishHints: (hints) => bus.publishHints(hints),
    publishReady(ready) {
      const hints = ready.map(({ runId, taskId, epoch, pool, priority }): BusMessage => ({
        kind: 'hint',
        hint: { runId, taskId, epoch, pool, priority, messageId: `${runId}/${taskId}/${epoch}` },
      }));
      void bus.publishBatch(hints);
    },
    publishStop: ({ executorId, ...hint }) => bus.publishStop(executorId, hint),
    async publishEvents(batches) {
      const outcomes: boolean[] = [];
      for (const batch of batches) outcomes.push(await publishBatch(bus, batch, log));
      return outcomes;
    },
    exportTrace: (runId) => emitRunTrace(db, runId),
  };
}

/** True when JetStream has confirmed every event of the batch. One that it has already is confirmed again. */
async function publishBatch(bus: Bus, events: RecordedEvents, log: Log): Promise<boolean> {
  const outcomes = await bus.publishBatch(toMessages(events));
  const failed = outcomes.find((outcome) => outcome.error !== undefined);
  if (failed !== undefined) log.warn({ err: failed.error }, 'NATS did not take all events');
  return failed === undefined;
}

function toMessages({ record, batch }: RecordedEvents): BusMessage[] {
  const context = eventContext(record);
  return Array.from(expandEvents(context, batch), (event): BusMessage => ({
    kind: 'event',
    event: {
      id: `${record.runId}-${event.sequence}`,
      workflow: record.workflowName,
      runId: record.runId,
      ...namesOf(event),
      sequence: event.sequence,
      timeMs: event.at,
      data: { ...event.data },
      traceparent: taskTraceparent(record, event.task),
    },
  }));
}

function namesOf({ type }: ExpandedEvent): { entity: EventEntity; event: string } {
  const [entity, event] = type.split('.');
  assert(entity !== undefined && event !== undefined, `event type ${type} has two parts`);
  return { entity: entity as EventEntity, event };
}
