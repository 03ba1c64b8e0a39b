import type { ControlRole } from './control-role.ts';

/** Connections that one process of each service takes at most. The sum over all has to stay below max_connections. */
export const POOL_SIZES: Readonly<Record<ControlRole, number>> = {
  // One for the committer, one for the duties, the rest for RPCs that read.
  floe_scheduler: 8,
  // Calls are short reads and writes; this many at once keep two cores busy.
  floe_metadata: 6,
  // Reads are short; more would only take connections from the scheduler.
  floe_reporting: 8,
  // Tokens and the audit log: short statements, one for most requests that change something.
  floe_gateway: 4,
};
