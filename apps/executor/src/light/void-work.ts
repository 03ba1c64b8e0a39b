/**
 * The work of an attempt that rules out a load: it marks the load as void in its target database, in this process.
 *
 *   W1. It tries until the target answers, or says that it never will.
 *   W2. What it does is right at any time, also when its lease is gone: that the load is not wanted any more was decided
 *       before it was asked for. So it goes on in the background when it is given up, for a bounded time: a mark that
 *       comes late is better than none.
 *   W3. Its end is told once, at the latest when it is given up.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { assert, toFloeError } from '@floe/errors';
import type { TargetAddress } from '@floe/database/target';
import type {
  Lease,
  Outcome,
  RunningWork,
  Settlement,
  StopReason,
  WorkEnd,
  WorkListener,
} from '@floe/execution';
import type { AttemptLease, VoidLoad } from '@floe/rpc/internal-contracts';
import { voidLoad, type VoidedLoads } from '@floe/tasks/void';
import type { AttemptDependencies } from '../attempt/attempt-dependencies.ts';
import { AttemptVoice } from '../attempt/attempt-voice.ts';
import { toFailure } from '../worker/to-failure.ts';

// A target that was restarted is back within minutes; for longer nobody should be surprised by what happens.
const KEEP_TRYING_MS = 10 * 60_000;
// A try takes milliseconds; one that hangs is begun anew on another connection.
const TRY_WITHIN_MS = 12_000;
// Soon enough that a cancel does not wait for it, and no burden for a target that is starting.
const PAUSE_MS = 500;

export type VoidWorkOptions = {
  readonly listener: WorkListener;
  /** Aborted when the executor stops. */
  readonly stopping: AbortSignal;
};

export class VoidWork implements RunningWork {
  readonly #deps: AttemptDependencies;
  readonly #lease: AttemptLease;
  readonly #load: VoidLoad;
  readonly #listener: WorkListener;
  readonly #voice: AttemptVoice;
  readonly #draining = new AbortController();
  readonly #signal: AbortSignal;
  #address: TargetAddress | undefined;
  #hasEnded = false;

  constructor(
    deps: AttemptDependencies,
    lease: Lease<AttemptLease>,
    { listener, stopping }: VoidWorkOptions,
  ) {
    const load = lease.work.task?.voidLoad;
    assert(load !== undefined, 'the lease says what is to be ruled out');
    this.#deps = deps;
    this.#lease = lease.work;
    this.#load = load;
    this.#listener = listener;
    this.#voice = new AttemptVoice(deps, lease.work);
    const bound = AbortSignal.timeout(KEEP_TRYING_MS);
    this.#signal = AbortSignal.any([this.#draining.signal, stopping, bound]);
  }

  start(): void {
    void this.#run();
  }

  /** W2, W3 */
  stop(reason: StopReason): void {
    if (reason.kind === 'drained') this.#draining.abort();
    const message = 'the load was not ruled out in time';
    const failure = { code: 'ATTEMPT_LOST', message, details: {}, retryable: true };
    // The port calls nothing back before its calls return.
    queueMicrotask(() => this.#end({ kind: 'died', failure, peakMemoryBytes: 0 }));
  }

  conclude(outcome: Outcome): Outcome {
    return this.#voice.conclude(outcome, { isQuiet: true });
  }

  settle(_settlement: Settlement, outcome: Outcome | undefined): void {
    this.#voice.endSpans(outcome, { rows: 0, bytes: 0 });
  }

  /** W1 */
  async #run(): Promise<void> {
    for (let tries = 1; !this.#signal.aborted; tries += 1) {
      try {
        return this.#tell(await this.#try());
      } catch (thrown) {
        const error = toFloeError(thrown);
        this.#note(error, tries);
        if (!error.isRetryable && !this.#signal.aborted) {
          return this.#end({ kind: 'failed', failure: toFailure(error), peakMemoryBytes: 0 });
        }
      }
      await delay(PAUSE_MS, undefined, { signal: this.#signal, ref: false }).catch(() => undefined);
    }
  }

  async #try(): Promise<VoidedLoads> {
    const { connection, items } = this.#load;
    const { runId, taskId } = this.#lease;
    this.#address ??= await this.#deps.connections.resolve(connection, this.#lease);
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(TRY_WITHIN_MS)]);
    return voidLoad({ runId, taskId, items, address: this.#address, signal });
  }

  #tell({ done, rows, bytes }: VoidedLoads): void {
    const isVoid = done < Math.max(1, this.#load.items.length);
    const said = isVoid
      ? 'its executor was silent: the load is ruled out, nothing more of it is written'
      : `its executor was silent, but the load had taken effect, with ${rows} rows`;
    this.#voice.announce('warn', said);
    const result = { rows, bytes, datasetJson: '', failedItems: [], isVoid };
    this.#end({ kind: 'succeeded', result, peakMemoryBytes: 0 });
  }

  /** The first try, and then now and then. */
  #note(error: Error, tries: number): void {
    if (tries > 1 && tries % 60 !== 0) return;
    const { runId: run_id, taskId: task_id } = this.#lease;
    this.#deps.log.warn({ err: error, run_id, task_id, tries }, 'a load was not ruled out yet');
  }

  #end(end: WorkEnd): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#listener.onEnd(end);
  }
}
