import type { Bus } from '@floe/bus';
import type { ControlDatabase } from '@floe/database';
import type { Log } from '@floe/telemetry';
import type { Approvals } from './overview/approvals.ts';
import type { TrendMemory } from './overview/trend-memory.ts';
import type { RunCounts } from './run-counts.ts';
import type { NodeCounts } from './store/legacy/node-counts.ts';
import type { EventContexts } from './watch/event-contexts.ts';

/** What the answers of reporting are made from. */
export type Deps = {
  readonly db: ControlDatabase['db'];
  /** For named statements: what is asked often is planned once. */
  readonly database: Pick<ControlDatabase, 'query'>;
  readonly eventContexts: EventContexts;
  readonly trends: TrendMemory;
  readonly approvals: Approvals;
  readonly runCounts: RunCounts;
  readonly nodeCounts: NodeCounts;
  readonly bus: Bus;
  readonly log: Log;
  readonly now: () => number;
  /** Base address of Jaeger for links to traces; empty when there is none. */
  readonly jaegerUrl: string;
};
