import type { ChaosFloe } from './chaos-floe.ts';
import type { RemoteExecutor } from './network/remote-executor.ts';
import type { Random } from './random.ts';

export type FaultContext = {
  readonly floe: ChaosFloe;
  readonly random: Random;
  /** Absent where there are no network namespaces. */
  readonly remote: RemoteExecutor | undefined;
};

export type Fault = {
  readonly name: string;
  /** Undefined when it can be done here, else why not, in words. */
  unfit?(): Promise<string | undefined>;
  /** Breaks something and gives what mends it: the world (a supervisor) or a wait. */
  begin(context: FaultContext): Promise<() => Promise<void>>;
};

/** Nothing to mend: the supervisor starts again what was killed. */
export const mendsItself = (): Promise<void> => Promise.resolve();
