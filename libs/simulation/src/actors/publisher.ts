import type { Publisher, RecordedEvents, StopNote } from '@floe/scheduling';
import { FloeError } from '@floe/errors';
import { NATS } from '../nats/hint-stream.ts';
import type { Process } from '../world/process.ts';
import type { World } from './world.ts';

/** Those outside who hear of runs. */
export type Subscribers = {
  /** Numbers of the events that were stored for them, by run. */
  readonly events: Map<string, Set<number>>;
  onStop(note: StopNote): void;
};

// A publish and its acknowledgement.
const PUBLISH_MS = 3;

export function publisherFor(world: World, process: Process, subscribers: Subscribers): Publisher {
  const { time, faults, network, hints } = world;
  const inTransit = <Answer>(answer: () => Answer): Promise<Answer> => {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    time.after(PUBLISH_MS, () => {
      const answered = answer();
      process.deliver(() => resolve(answered));
    });
    return promise;
  };
  const store = ({ batch }: RecordedEvents): boolean => {
    if (!network.isOpen(process.name, NATS)) return false;
    if (faults.hits('event-refused', process.name)) return false;
    const known = subscribers.events.get(batch.runId) ?? new Set<number>();
    batch.events.forEach((_, index) => known.add(batch.firstSequence + index));
    subscribers.events.set(batch.runId, known);
    return true;
  };
  return {
    publishHints: (wakeUps) => hints.publish(process, wakeUps),
    publishChanges: () => undefined,
    publishStop(note) {
      if (faults.hits('stop-lost', note.executorId)) return;
      time.after(PUBLISH_MS, () => subscribers.onStop(note));
    },
    publishEvents: (batches) => inTransit(() => batches.map(store)),
    async exportTrace() {
      if (await inTransit(() => faults.hits('event-refused', process.name)))
        throw new FloeError('TELEMETRY_UNAVAILABLE', 'the collector refused the trace');
    },
  };
}
