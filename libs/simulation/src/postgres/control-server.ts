/**
 * The server of the control database: its clock, its outages, its statements.
 *
 *   S1. A statement takes effect at one instant, if at all; its answer comes at that instant, save that of a commit,
 *       which comes later, so that who asked can die in between.
 *   S2. All times are those of its own clock, which may jump; it is nobody else's.
 *   S3. While it is down or cut off, statements fail, and open transactions are rolled back.
 *   S4. A look that finds nothing takes no time: nothing hangs on when in a few milliseconds it found nothing, and most
 *       of what schedulers do all day are such looks.
 */
import { FloeError } from '@floe/errors';
import type { FaultGate } from '../faults/fault-gate.ts';
import type { Network } from '../world/network.ts';
import type { Dice } from '../world/dice.ts';
import type { Process } from '../world/process.ts';
import type { VirtualTime } from '../world/virtual-time.ts';
import { RowLocks } from './row-locks.ts';
import type { ScheduleCommit } from './schedule-tables.ts';
import { Tables, type Commit } from './tables.ts';

export const DATABASE = 'database';

// A statement on loopback or in one data centre.
const STATEMENT_MS = [1, 3] as const;
// One that waits for a disk, a vacuum, a checkpoint.
const SLOW_MS = [500, 6_000] as const;
// Before the clock of the world began, so that jumps back stay above 0.
const CLOCK_START = 1_000_000;

export type ControlServerOptions = {
  readonly time: VirtualTime;
  readonly dice: Dice;
  readonly faults: FaultGate;
  readonly network: Network;
  readonly locksRows: boolean;
  readonly checksSlots: boolean;
};

type OpenSession = { readonly process: Process; abort(): void };

export class ControlServer {
  readonly tables = new Tables();
  readonly locks: RowLocks;
  /** Whether the triggers of the table of runs look after slots. */
  readonly checksSlots: boolean;
  /** Open transactions. */
  readonly sessions = new Set<OpenSession>();
  readonly #options: ControlServerOptions;
  readonly #onCommit: ((commit: Commit) => void)[] = [];
  readonly #onSchedules: ((commit: ScheduleCommit) => void)[] = [];
  #isDown = false;
  #clockOffset = CLOCK_START;

  constructor(options: ControlServerOptions) {
    this.#options = options;
    this.locks = new RowLocks(options.locksRows);
    this.checksSlots = options.checksSlots;
  }

  /** `clock_timestamp()` */
  now(): number {
    return this.#options.time.now + this.#clockOffset;
  }

  jumpClock(ms: number): void {
    this.#clockOffset += ms;
  }

  setDown(isDown: boolean): void {
    this.#isDown = isDown;
    if (isDown) for (const session of this.sessions) session.abort();
  }

  /** The sessions of a process that died end with it. */
  endSessionsOf(process: Process): void {
    for (const session of this.sessions) if (session.process === process) session.abort();
  }

  onCommit(hear: (commit: Commit) => void): void {
    this.#onCommit.push(hear);
  }

  committed(commit: Commit): void {
    for (const hear of this.#onCommit) hear(commit);
  }

  onSchedules(hear: (commit: ScheduleCommit) => void): void {
    this.#onSchedules.push(hear);
  }

  schedulesCommitted(commit: ScheduleCommit): void {
    for (const hear of this.#onSchedules) hear(commit);
  }

  /** Runs a statement for a process. `answerMs`: how much later than its effect the answer comes. */
  ask<Answer>(
    from: Process,
    statement: () => Answer | Promise<Answer>,
    options: { readonly what: string; readonly answerMs?: number },
  ): Promise<Answer> {
    return this.#send(from, statement, { ...options, delayMs: this.#delay(from.name) });
  }

  /** A statement that changes nothing and gives rows (S4). */
  look<Row>(from: Process, read: () => readonly Row[], what: string): Promise<readonly Row[]> {
    const { network, faults } = this.#options;
    if (this.#isDown || !network.isOpen(from.name, DATABASE)) return this.ask(from, read, { what });
    if (faults.hits('statement-slow', from.name))
      return this.#send(from, read, { what, delayMs: this.#options.dice.int(...SLOW_MS) });
    if (read().length > 0)
      return this.#send(from, read, { what, delayMs: this.#options.dice.int(...STATEMENT_MS) });
    if (faults.hits('statement-failed', `${from.name} ${what}`))
      return Promise.reject(unavailable('the connection was lost'));
    return NOTHING;
  }

  #send<Answer>(
    from: Process,
    statement: () => Answer | Promise<Answer>,
    options: { readonly what: string; readonly delayMs: number; readonly answerMs?: number },
  ): Promise<Answer> {
    const { time, network, faults } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const fail = (ms: number, why: string) =>
      void time.after(ms, () => from.deliver(() => reject(unavailable(why))));
    const arrive = () => {
      if (this.#isDown) return fail(0, 'the connection was refused');
      if (faults.hits('statement-failed', `${from.name} ${options.what}`))
        return fail(0, 'the connection was lost');
      this.#answer({ from, statement, resolve, reject, answerMs: options.answerMs ?? 0 });
    };
    time.after(options.delayMs, () =>
      network.carry({ from: from.name, to: DATABASE }, arrive, () => fail(0, 'no answer')),
    );
    return promise;
  }

  /** A statement that waits for a lock answers later; who is frozen meanwhile hears of it when it goes on. */
  #answer<Answer>(asked: {
    readonly from: Process;
    readonly statement: () => Answer | Promise<Answer>;
    readonly resolve: (answer: Answer) => void;
    readonly reject: (error: unknown) => void;
    readonly answerMs: number;
  }): void {
    const { from, statement, resolve, reject, answerMs } = asked;
    const tell = (settle: () => void) => {
      if (answerMs === 0) from.deliver(settle);
      else this.#options.time.after(answerMs, () => from.deliver(settle));
    };
    const succeed = (answer: Answer) => tell(() => resolve(answer));
    const fail = (error: unknown) => tell(() => reject(error));
    try {
      const answer = statement();
      if (answer instanceof Promise) answer.then(succeed, fail);
      else succeed(answer);
    } catch (error) {
      fail(error);
    }
  }

  #delay(who: string): number {
    const { dice, faults } = this.#options;
    const [from, to] = faults.hits('statement-slow', who) ? SLOW_MS : STATEMENT_MS;
    return dice.int(from, to);
  }
}

const NOTHING: Promise<readonly never[]> = Promise.resolve([]);

export function unavailable(why: string): FloeError {
  return new FloeError('DATABASE_UNAVAILABLE', why);
}
