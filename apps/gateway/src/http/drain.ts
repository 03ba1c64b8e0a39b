import type { FastifyInstance } from 'fastify';
import type { HealthChecks } from '../health.ts';
import { DRAIN_MS } from './limits.ts';
import type { StreamSlots } from './stream-slots.ts';

// Nobody notices so short a wait at a stop.
const TIDY_MS = 50;

/**
 * Stops the server without cutting an answer short: probes are told first, streams break off so that their readers go on
 * elsewhere, and what is under way may finish. What takes longer than DRAIN_MS is cut.
 */
export async function drain(
  app: FastifyInstance,
  { health, slots }: { readonly health: HealthChecks; readonly slots: StreamSlots },
): Promise<void> {
  health.beginStop();
  slots.close();
  const cut = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
  // A connection whose last answer has gone out would be kept for the next request.
  const tidy = setInterval(() => app.server.closeIdleConnections(), TIDY_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
    clearInterval(tidy);
  }
}
