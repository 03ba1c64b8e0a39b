/**
 * One transaction on the control database, whatever it is about.
 *
 *   X1. Nothing of it is seen by others before its commit; then all of it is.
 *   X2. Its locks last until it ends: by commit, by rollback, or because its session is gone.
 *   X3. A session that is idle within a transaction for too long is ended by the server, so that who is frozen keeps
 *       nobody waiting for ever.
 *       A statement that waits when its session ends is told so.
 *   X4. Its beginning comes with its first statement, and its commit with the last where that names it: no round trips
 *       of their own.
 */
import type { FaultGate } from '../faults/fault-gate.ts';
import type { Happening, VirtualTime } from '../world/virtual-time.ts';
import type { Process } from '../world/process.ts';
import { unavailable, type ControlServer } from './control-server.ts';
import { ScheduleView } from './schedule-tables.ts';

// `idle_in_transaction_session_timeout` and `statement_timeout` of Floe's sessions.
const IDLE_MS = 15_000;
const LOCK_WAIT_MS = 15_000;
// `deadlock_timeout`: only then PostgreSQL looks whether waiting is in vain.
const DEADLOCK_MS = 1_000;
// From the server's commit to the client's ear.
const COMMIT_ANSWER_MS = 1;

export type SessionContext = {
  readonly server: ControlServer;
  readonly process: Process;
  readonly time: VirtualTime;
  readonly faults: FaultGate;
};

/** Thrown when the transaction lost a race. */
export class LostRace extends Error {}

export class Session {
  readonly process: Process;
  protected readonly context: SessionContext;
  #schedules: ScheduleView | undefined;
  #hasEnded = false;
  #isCommitted = false;
  #idle: Happening | undefined;
  /** Ends the wait for a lock. */
  #endWait: ((error: Error) => void) | undefined;

  constructor(context: SessionContext) {
    this.context = context;
    this.process = context.process;
    context.server.sessions.add(this);
    this.#restartIdle();
  }

  /** Errors: DATABASE_UNAVAILABLE, after which it may have taken effect or not. */
  async commit(): Promise<void> {
    if (this.#isCommitted) return; // X4
    const { server, process } = this.context;
    const options = { what: 'commit', answerMs: COMMIT_ANSWER_MS };
    try {
      await server.ask(process, () => this.end(), options);
    } finally {
      this.abort();
    }
  }

  /** The commit, as the server does it. */
  end(): void {
    const { faults, process } = this.context;
    this.assertOpen();
    if (faults.hits('commit-unknown-undone', process.name)) {
      this.abort();
      throw unavailable('the connection was lost while committing');
    }
    this.apply();
    this.#isCommitted = true;
    if (faults.hits('commit-unknown-done', process.name))
      throw unavailable('the connection was lost while committing');
  }

  /** Ends it without effect, unless it has ended. */
  abort(): void {
    if (!this.#hasEnded) this.close();
  }

  statement<Answer>(what: string, body: () => Promise<Answer>, answerMs = 0): Promise<Answer> {
    const { server, process, faults } = this.context;
    const run = () => {
      this.assertOpen();
      if (faults.hits('serialization', `${process.name} ${what}`)) throw new LostRace(what);
      this.#restartIdle();
      return body();
    };
    return server.ask(process, run, { what, answerMs }).catch((error: unknown) => {
      this.abort();
      throw error;
    });
  }

  /** The last statement, and the commit behind it (X4). */
  lastStatement<Answer>(what: string, body: () => Promise<Answer>): Promise<Answer> {
    const run = async () => {
      const answer = await body();
      this.end();
      return answer;
    };
    return this.statement(what, run, COMMIT_ANSWER_MS);
  }

  get schedules(): ScheduleView {
    this.#schedules ??= new ScheduleView(this.context.server.tables.schedules);
    return this.#schedules;
  }

  /** X1 */
  protected apply(): void {
    this.close();
    this.applySchedules();
  }

  protected applySchedules(): void {
    const commit = this.#schedules?.apply();
    if (commit !== undefined) this.context.server.schedulesCommitted(commit);
  }

  protected close(): void {
    this.#hasEnded = true;
    if (this.#idle !== undefined) this.#idle.callOff();
    this.#endWait?.(sessionEnded());
    this.context.server.sessions.delete(this);
    this.context.server.locks.release(this);
  }

  assertOpen(): void {
    if (this.#hasEnded) throw sessionEnded();
  }

  /** `skip locked` */
  tryLockRow(row: string): boolean {
    return this.context.server.locks.tryTake(row, this);
  }

  async lockRow(row: string): Promise<void> {
    this.assertOpen();
    const { server, time } = this.context;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (server.locks.take(row, this, resolve)) return;
    this.#endWait = reject;
    const late = () => reject(unavailable('canceling statement due to statement timeout'));
    const look = () => {
      if (server.locks.isDeadlocked(this)) reject(new LostRace('deadlock detected'));
    };
    const timers = [time.after(LOCK_WAIT_MS, late), time.after(DEADLOCK_MS, look)];
    try {
      await promise;
    } finally {
      this.#endWait = undefined;
      for (const timer of timers) timer.callOff();
    }
    // It may have been ended in the instant in which it got the lock.
    this.assertOpen();
  }

  /** X3 */
  #restartIdle(): void {
    if (this.#idle !== undefined) this.#idle.callOff();
    this.#idle = this.context.time.after(IDLE_MS, () => this.abort());
  }
}

function sessionEnded(): Error {
  return unavailable('the server has ended the session');
}
