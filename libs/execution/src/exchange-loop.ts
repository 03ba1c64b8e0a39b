/**
 * Trades ended attempts for new ones with the scheduler.
 *
 * Owns: the ended attempts that were not answered yet, and at most one request under way.
 *
 *   X1. One exchange at a time. What ends while it is under way is collected and goes with the next; while nothing is
 *       under way an end goes out at once, with all that ended in the same moment.
 *   X2. A request without an answer is repeated as it was, under its token, until it is answered; so no lease that it
 *       may have taken stays unknown.
 *   X3. Room is offered as it is when the request is made; ends and room go together, so that a successor comes with
 *       the answer.
 *   X4. While answers give something and say that more is ready, the next request needs no wake-up.
 *   X5. Without a wake-up there is an exchange every few seconds as long as there is room: hints may be lost.
 *   X6. Each request says until when its answer is waited for, by the clock of the store as the answer before showed it;
 *       decided later it takes no leases, wherever it was held up. Then there is another one at once. The first request
 *       of all, before that clock is known, offers no room.
 *   X7. Ends that the scheduler calls wrong cannot hold up others: each is told once more, alone.
 */
import { toFloeError } from '@floe/errors';
import type { FloeError } from '@floe/errors';
import type { Attempt } from './attempt.ts';
import { backoffMs, jittered, pause } from './clock.ts';
import type { Clock, Random } from './clock.ts';
import { NO_CAPACITY, hasRoom } from './lane.ts';
import type { Capacity } from './lane.ts';
import type { Log } from './log.ts';
import { charactersIn } from './outcome.ts';
import type { Settlement } from './outcome.ts';
import type { ExchangeAnswer, ExchangeRequest, Finish, Lease, Scheduler } from './scheduler.ts';

// One exchange is one transaction and its way.
const CALL_WITHIN_MS = 3_000;
const FIRST_PAUSE_MS = 50;
// A scheduler that comes back is met within this.
const PAUSE_MAX_MS = 1_000;
// With lost hints a task waits this long at most; a thousand idle executors ask some 300 times a second.
const SAFETY_MS = 3_000;
const SAFETY_JITTER = 0.3;
// Of an error that may pass by itself, like a bug that a restart mends; then it may be one of the ends that causes it.
const TRIES_BEFORE_SUSPICION = 5;
// One transaction ends as many within some ten milliseconds.
const FINISHED_MAX = 500;
// A quarter of what a message may have in bytes: a batch of long failures goes in several.
const FINISHED_CHARACTERS_MAX = 1024 * 1024;

export type ExchangePorts<Work> = {
  readonly scheduler: Pick<Scheduler<Work>, 'exchange'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly newToken: () => string;
  readonly log: Log;
  /** What may be taken now; none while draining. */
  readonly free: () => Capacity;
  /** New leases. `askedAtMs`: when they were first asked for. */
  readonly onLeases: (leases: readonly Lease<Work>[], askedAtMs: number) => void;
  /** Takes back the room that was offered elsewhere. */
  readonly withdraw: () => Promise<void>;
  /** No request is under way and no end waits to be told. */
  readonly onIdle: () => void;
};

type Ended<Work> = { readonly attempt: Attempt<Work>; readonly finish: Finish };

type Sent<Work> = {
  readonly ended: readonly Ended<Work>[];
  readonly request: ExchangeRequest;
  readonly askedAtMs: number;
};

export class ExchangeLoop<Work> {
  readonly #ports: ExchangePorts<Work>;
  readonly #stopping = new AbortController();
  #ended: Ended<Work>[] = [];
  #suspects: Ended<Work>[] = [];
  #waiting: (() => void)[] = [];
  #isWanted = false;
  #isUnderWay = false;
  #isScheduled = false;
  #forgetSafety: () => void = () => {};
  #hasMet = false;
  /** How far the clock of the store is ahead of the own one; undefined when the scheduler does not tell it. */
  #storeAheadMs: number | undefined;

  constructor(ports: ExchangePorts<Work>) {
    this.#ports = ports;
  }

  start(): void {
    this.request();
  }

  get isIdle(): boolean {
    return !this.#isUnderWay && this.#ended.length === 0 && this.#suspects.length === 0;
  }

  /** Nothing is to be told or looked for. */
  get isAtRest(): boolean {
    return this.isIdle && !this.#isWanted && this.#hasMet;
  }

  /** The clock of the store this long from now, as far as an answer has shown it. */
  storeAfter(ms: number): number | undefined {
    return this.#storeAheadMs === undefined
      ? undefined
      : this.#ports.clock.nowMs() + this.#storeAheadMs + ms;
  }

  /** Asks for an exchange. */
  request(): void {
    this.#isWanted = true;
    this.#schedule();
  }

  /** Resolves when an exchange that began after this call has been answered, or all ended. */
  async look(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.request();
    });
  }

  /** Tells the end of an attempt with the next exchange, and the attempt what came of it. */
  tell(attempt: Attempt<Work>, finish: Finish): void {
    this.#ended.push({ attempt, finish });
    this.#schedule();
  }

  /** No more exchanges; what was not answered stays so. */
  stop(): void {
    this.#stopping.abort();
    this.#forgetSafety();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isUnderWay || this.#stopping.signal.aborted) return;
    this.#isScheduled = true;
    // X1
    this.#ports.clock.soon(() => {
      this.#isScheduled = false;
      if (!this.#isUnderWay && !this.#stopping.signal.aborted) void this.#exchange();
    });
  }

  async #exchange(): Promise<void> {
    const waiting = this.#waiting.splice(0);
    this.#isUnderWay = true;
    if (this.#isWanted) await this.#ports.withdraw();
    const sent = this.#nextRequest();
    if (sent !== undefined) {
      this.#forgetSafety();
      await this.#settle(sent);
      this.#armSafety();
    }
    this.#isUnderWay = false;
    for (const resolve of waiting) resolve();
    if (this.#isWanted || !this.isIdle) this.#schedule();
    if (this.isIdle) this.#ports.onIdle();
  }

  /** Undefined when there is nothing to tell, no room to offer, and nobody to meet. */
  #nextRequest(): Sent<Work> | undefined {
    const { clock, newToken, free } = this.#ports;
    this.#isWanted = false;
    const suspect = this.#suspects.shift();
    const ended = suspect === undefined ? this.#takeEnded() : [suspect];
    const offered = suspect === undefined && this.#hasMet ? free() : NO_CAPACITY;
    if (this.#hasMet && ended.length === 0 && !hasRoom(offered)) return undefined;
    const finished = ended.map(({ finish }) => finish);
    const request = { token: newToken(), repeated: false, free: offered, finished };
    return { ended, request, askedAtMs: clock.nowMs() };
  }

  /** As many as fit into a message, and at least one. */
  #takeEnded(): Ended<Work>[] {
    let characters = 0;
    const fitting = this.#ended.findIndex(({ finish }, index) => {
      characters += charactersIn(finish.outcome);
      return index > 0 && (index >= FINISHED_MAX || characters > FINISHED_CHARACTERS_MAX);
    });
    return this.#ended.splice(0, fitting === -1 ? this.#ended.length : fitting);
  }

  async #settle(sent: Sent<Work>): Promise<void> {
    const answer = await this.#ask(sent);
    if (answer === 'invalid') return this.#suspect(sent);
    if (answer === undefined) return settleAll(sent.ended, 'unknown');
    for (const [index, { attempt }] of sent.ended.entries()) {
      attempt.settle(answer.accepted[index] === true ? 'accepted' : 'refused');
    }
    this.#ports.onLeases(answer.leases, sent.askedAtMs);
    // X4
    if (answer.moreReady && answer.leases.length > 0) this.#isWanted = true;
  }

  /** X2. Undefined when the loop was stopped first. */
  async #ask(sent: Sent<Work>): Promise<ExchangeAnswer<Work> | 'invalid' | undefined> {
    const { clock, random, log } = this.#ports;
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted;) {
      try {
        return await this.#call(sent.request, failures > 0);
      } catch (thrown) {
        failures += 1;
        const error = toFloeError(thrown);
        const fields = { err: error, failures, finished: sent.ended.length };
        log.warn(fields, 'an exchange with the scheduler was not answered');
        if (sent.ended.length > 0 && isTheirFault(error, failures)) return 'invalid';
        const bounds = { baseMs: FIRST_PAUSE_MS, maxMs: PAUSE_MAX_MS };
        await pause(clock, backoffMs(failures, bounds, random), signal);
      }
    }
    return undefined;
  }

  /** X6 */
  async #call(asked: ExchangeRequest, repeated: boolean): Promise<ExchangeAnswer<Work>> {
    const { scheduler, clock } = this.#ports;
    const sentAt = clock.nowMs();
    const answerBy = this.storeAfter(CALL_WITHIN_MS);
    const request = { ...asked, repeated, ...(answerBy !== undefined && { answerBy }) };
    const answer = await scheduler.exchange(request, CALL_WITHIN_MS);
    const { decidedAt } = answer;
    if (!this.#hasMet) this.#isWanted = true;
    this.#hasMet = true;
    if (decidedAt === undefined) return answer;
    // It was decided between the two; half way is never wrong by more than leaves an answer in time.
    this.#storeAheadMs = decidedAt - (sentAt + clock.nowMs()) / 2;
    if (answerBy !== undefined && decidedAt > answerBy) this.#isWanted = true;
    return answer;
  }

  /** X7 */
  #suspect({ ended }: Sent<Work>): void {
    this.#isWanted = true;
    if (ended.length > 1) {
      this.#suspects.push(...ended);
      return;
    }
    const { runId: run_id, taskId: task_id, epoch } = ended[0]!.finish.lease;
    const fields = { run_id, task_id, epoch };
    this.#ports.log.error(fields, 'the scheduler calls the end of an attempt wrong');
    settleAll(ended, 'unknown');
  }

  #armSafety(): void {
    const { clock, random } = this.#ports;
    this.#forgetSafety = clock.after(jittered(SAFETY_MS, SAFETY_JITTER, random), () =>
      this.request(),
    );
  }
}

/** Whether it may be the ends in a request that make it fail, and not the way there. */
function isTheirFault(error: FloeError, failures: number): boolean {
  if (error.isRetryable) return false;
  const isDecided = error.category === 'invalid' || error.category === 'not_found';
  return isDecided || failures >= TRIES_BEFORE_SUSPICION;
}

function settleAll<Work>(ended: readonly Ended<Work>[], settlement: Settlement): void {
  for (const { attempt } of ended) attempt.settle(settlement);
}
