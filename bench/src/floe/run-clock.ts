/**
 * Starts runs and measures them as a gRPC client sees them.
 *
 *   1. The clock starts before StartRun is sent and stops when WatchRun brings `run.succeeded`: both calls, the commit
 *      and the way through scheduler, NATS, executor and worker are in it.
 *   2. A run that does not succeed is no measurement: it throws.
 */
import { randomUUID } from 'node:crypto';
import type { Endpoints } from '@floe/embedded';
import { FloeError } from '@floe/errors';
import { createRpcClient, type RpcClient } from '@floe/rpc';
import {
  ReportingService,
  SchedulerService,
  StartRunRequest,
  WatchRunRequest,
  type Run,
} from '@floe/rpc/contracts';

export type TimedRun = {
  readonly runId: string;
  /** As the client saw it. */
  readonly wallMs: number;
  /** From the run's create time to its end time, as Floe recorded them: without the client's calls. */
  readonly recordedMs: number;
};

// Far above any run that is measured; one that hangs ends the bench, not a night.
const RUN_WITHIN_MS = 1_800_000;

export class RunClock {
  readonly #scheduler: RpcClient<typeof SchedulerService>;
  readonly #reporting: RpcClient<typeof ReportingService>;
  readonly #signal: AbortSignal;

  constructor({ scheduler, reporting }: Endpoints, signal: AbortSignal) {
    this.#scheduler = createRpcClient(SchedulerService, {
      addresses: [scheduler],
      name: 'scheduler',
    });
    this.#reporting = createRpcClient(ReportingService, {
      addresses: [reporting],
      name: 'reporting',
    });
    this.#signal = signal;
  }

  /** Errors: INTERNAL for a run that did not succeed; those of the calls. */
  async time(workflowName: string): Promise<TimedRun> {
    const request = StartRunRequest.create({ workflowName, requestId: randomUUID() });
    const startedAt = performance.now();
    const { run } = await this.#scheduler.startRun(request, { signal: this.#signal });
    const runId = run?.runId ?? '';
    const ended = await this.#watchToSuccess(runId);
    const wallMs = performance.now() - startedAt;
    return { runId, wallMs, recordedMs: recordedMs(ended) };
  }

  async #watchToSuccess(runId: string): Promise<Run> {
    const options = { signal: this.#signal, deadlineMs: RUN_WITHIN_MS };
    let last: Run | undefined;
    for await (const { update } of this.#reporting.watchRun(
      WatchRunRequest.create({ runId }),
      options,
    )) {
      if (update?.$case !== 'event') continue;
      last = update.value.run;
      if (update.value.type === 'run.succeeded' && last !== undefined) return last;
    }
    const why = last?.failure?.message ?? 'it said no more';
    throw new FloeError('INTERNAL', `run ${runId} ended as ${last?.state ?? 'unknown'}: ${why}`);
  }

  [Symbol.dispose](): void {
    this.#scheduler.close();
    this.#reporting.close();
  }
}

function recordedMs({ createTime, endTime }: Run): number {
  if (createTime === undefined || endTime === undefined) {
    throw new FloeError('INTERNAL', 'a run that succeeded has no create time or no end time');
  }
  return endTime.getTime() - createTime.getTime();
}
