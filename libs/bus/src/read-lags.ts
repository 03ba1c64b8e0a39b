import type { Connection } from './connection.ts';
import { busUnavailable } from './nats-errors.ts';
import { EVENTS_STREAM, HINTS_STREAM } from './streams.ts';

/** How far who reads a stream is behind it. */
export type ConsumerLag = {
  readonly stream: string;
  readonly consumer: string;
  /** Messages that were not given out yet. */
  readonly pending: number;
  /** Given out, and nobody has said what became of them. */
  readonly unacknowledged: number;
};

// Each pool, lane and label has one; more of them are a matter for another tool.
const CONSUMERS_MAX = 1_000;

/** Of all that read work and events and are known to the server by name. Throws BUS_UNAVAILABLE. */
export async function readLags(connection: Connection): Promise<readonly ConsumerLag[]> {
  const lags: ConsumerLag[] = [];
  try {
    for (const stream of [HINTS_STREAM, EVENTS_STREAM]) {
      for await (const {
        name,
        num_pending,
        num_ack_pending,
        config,
      } of connection.manager.consumers.list(stream)) {
        // Those without a name of their own go with their reader.
        if (config.durable_name === undefined) continue;
        if (lags.length === CONSUMERS_MAX) return lags;
        lags.push({
          stream,
          consumer: name,
          pending: num_pending,
          unacknowledged: num_ack_pending,
        });
      }
    }
    return lags;
  } catch (thrown) {
    throw busUnavailable('the consumers cannot be looked at', thrown);
  }
}
