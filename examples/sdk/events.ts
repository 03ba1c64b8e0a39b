/** Listens on NATS from a place in the stream on, and stops at the first end of a run: node events.ts [PLACE] */
import { subscribeEvents } from '@floe/client';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

const connection = await connect({ servers: process.env['FLOE_NATS_URL'] ?? 'nats://127.0.0.1:7422' });
const place = Number(process.argv[2] ?? 0);
try {
  const events = subscribeEvents(jetstream(connection), {
    entity: 'run',
    after: place === 0 ? 'all' : place,
    signal: AbortSignal.timeout(20_000),
  });
  for await (const { place: at, workflow, runId, event } of events) {
    // Keep `at` where you keep what you have done: with it you go on after a crash.
    console.log(at, workflow, runId, event);
    if (['succeeded', 'failed', 'cancelled', 'timed_out'].includes(event)) break;
  }
} finally {
  await connection.close();
}
