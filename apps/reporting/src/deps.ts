import type { Bus } from '@floe/bus';
import type { ControlDatabase } from '@floe/database';
import type { Log } from '@floe/telemetry';

/** What the answers of reporting are made from. */
export type Deps = {
  readonly db: ControlDatabase['db'];
  readonly bus: Bus;
  readonly log: Log;
  readonly now: () => number;
  /** Base address of Jaeger for links to traces; empty when there is none. */
  readonly jaegerUrl: string;
};
