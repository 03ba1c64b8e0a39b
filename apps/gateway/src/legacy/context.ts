import type { Log } from '@floe/telemetry';
import type { CallOptions } from '@floe/rpc';
import type { Caller } from '../access/caller.ts';
import type { Clients } from '../clients.ts';
import type { StreamSlots } from '../http/stream-slots.ts';

/** What the compatibility routes work with. */
export type LegacyContext = {
  readonly clients: Clients;
  readonly slots: StreamSlots;
  readonly log: Log;
  readonly heartbeatMs: number;
  readonly now: () => number;
};

/** One call: its body is read by the method itself. */
export type LegacyCall = {
  readonly context: LegacyContext;
  readonly body: Readonly<Record<string, unknown>>;
  readonly options: CallOptions;
  readonly caller: Caller;
};
