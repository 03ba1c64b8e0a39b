import type { Bus, EventEntity, FloeEvent } from '@floe/bus';
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
  /** False when no collector takes spans: then there is nothing to be read for them. */
  readonly exportsTraces: boolean;
};

/** What leaves a scheduler: over NATS, and as spans of runs that have ended. */
export function natsPublisher({ bus, db, log, exportsTraces }: PublisherParts): Publisher {
  return {
    publishHints: (hints) => bus.publishHints(hints),
    publishChanges: (runIds) => bus.publishChanges(runIds),
    publishStop: ({ executorId, ...hint }) => bus.publishStop(executorId, hint),
    async publishEvents(batches) {
      const outcomes: boolean[] = [];
      for (const batch of batches) outcomes.push(await publishBatch(bus, batch, log));
      return outcomes;
    },
    exportTrace: async (runId) => {
      if (exportsTraces) await emitRunTrace(db, runId);
    },
  };
}

/** True when JetStream has confirmed every event of the batch. One that it has already is confirmed again. */
async function publishBatch(bus: Bus, events: RecordedEvents, log: Log): Promise<boolean> {
  try {
    await bus.publishEvents(() => toBusEvents(events));
    return true;
  } catch (error) {
    log.warn({ err: error, run_id: events.record.runId }, 'NATS did not take all events');
    return false;
  }
}

/** Made one by one, as they leave: a commit may have thousands. */
function* toBusEvents({ record, batch }: RecordedEvents): Generator<FloeEvent> {
  const { runId, workflowName: workflow } = record;
  for (const event of expandEvents(eventContext(record), batch)) {
    const { sequence, at, task, data } = event;
    yield {
      id: `${runId}-${sequence}`,
      workflow,
      runId,
      ...namesOf(event),
      sequence,
      timeMs: at,
      data: { ...data },
      traceparent: taskTraceparent(record, task),
    };
  }
}

function namesOf({ type }: ExpandedEvent): { entity: EventEntity; event: string } {
  const [entity, event] = type.split('.');
  assert(entity !== undefined && event !== undefined, `event type ${type} has two parts`);
  return { entity: entity as EventEntity, event };
}
