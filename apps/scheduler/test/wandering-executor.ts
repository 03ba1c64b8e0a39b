/**
 * An executor that asks now this scheduler and now that one, runs everything in no time, and keeps what it was told.
 * An exchange that nobody answered is repeated elsewhere with the same token.
 */
import { LEASE_FORM } from '@floe/rpc';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ExchangeAttemptsRequest,
  type AttemptLease,
  type ExchangeAttemptsResponse,
  type FinishAttemptRequest,
} from '@floe/rpc/internal-contracts';
import { newToken, succeeded } from './scheduler-fixture.ts';
import type { SchedulerProcess } from './scheduler-process.ts';

const FREE = 8;
// An exchange takes milliseconds; after this its scheduler is taken to be dead or frozen.
const ANSWER_WITHIN_MS = 2_000;
const IDLE_MS = 20;

export class WanderingExecutor {
  readonly #name: string;
  readonly #schedulers: () => readonly SchedulerProcess[];
  /** By task of a run, the epochs whose success was accepted. */
  readonly #accepted: Map<string, Set<bigint>>;
  #turn = 0;
  #isStopped = false;

  constructor(
    name: string,
    schedulers: () => readonly SchedulerProcess[],
    accepted: Map<string, Set<bigint>>,
  ) {
    this.#name = name;
    this.#schedulers = schedulers;
    this.#accepted = accepted;
  }

  stop(): void {
    this.#isStopped = true;
  }

  async run(): Promise<void> {
    let leases: readonly AttemptLease[] = [];
    while (!this.#isStopped) {
      const finished = leases.map(succeeded);
      const answer = await this.#exchange(finished);
      finished.forEach((one, index) => this.#note(one, answer.accepted[index] ?? false));
      ({ leases } = answer);
      if (leases.length === 0) await delay(IDLE_MS);
    }
  }

  async #exchange(finished: readonly FinishAttemptRequest[]): Promise<ExchangeAttemptsResponse> {
    const token = newToken();
    for (let repeated = false; ; repeated = true) {
      const request = ExchangeAttemptsRequest.create({
        executorId: this.#name,
        pool: 'default',
        token,
        repeated,
        freeLight: FREE,
        finished: [...finished],
        leaseForm: LEASE_FORM,
      });
      const schedulers = this.#schedulers();
      this.#turn += 1;
      const scheduler = schedulers[this.#turn % schedulers.length]!;
      try {
        return await scheduler.attempts.exchangeAttempts(request, { deadlineMs: ANSWER_WITHIN_MS });
      } catch {
        await delay(IDLE_MS);
      }
    }
  }

  #note({ runId, taskId, epoch }: FinishAttemptRequest, isAccepted: boolean): void {
    if (!isAccepted) return;
    const key = `${runId}/${taskId}`;
    this.#accepted.set(key, (this.#accepted.get(key) ?? new Set()).add(epoch));
  }
}
