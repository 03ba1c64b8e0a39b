/**
 * The protocol of `postgres_load` against the target database, step by step as `libs/tasks/src/postgres_load` does it:
 * end the session of an older attempt and open the ledger's row for this epoch; then one transaction that brings the rows
 * in, locks the ledger's row last, checks it and marks the load done. When the connection is lost, perhaps with the answer
 * to the commit, the ledger is asked.
 */
import { FloeError } from '@floe/errors';
import type { FaultGate } from '../faults/fault-gate.ts';
import type { Dice } from '../world/dice.ts';
import type { Network } from '../world/network.ts';
import type { Process } from '../world/process.ts';
import type { VirtualTime } from '../world/virtual-time.ts';
import type { Effect, TargetDatabase, TargetSession } from './target-database.ts';

export const TARGET = 'target';

// Above the epoch of any attempt.
const VOID_EPOCH = Number.POSITIVE_INFINITY;
// The same bounds as the task sets for its transaction.
const IDLE_MS = 30_000;
const LOCK_TIMEOUT_MS = 30_000;
const STATEMENT_MS = [1, 5] as const;
const SLOW_MS = [500, 8_000] as const;
// Until the server notices that a client is gone.
const DYING_MS = 3;

export type LoadWorld = {
  readonly time: VirtualTime;
  readonly dice: Dice;
  readonly faults: FaultGate;
  readonly network: Network;
  readonly target: TargetDatabase;
  /** Checks a planted bug takes away. */
  readonly fence: {
    readonly checksEpoch: boolean;
    readonly checksDone: boolean;
    readonly marksVoid: boolean;
  };
};

export type Load = {
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number;
  readonly rows: number;
  /** How long the rows take. */
  readonly copyMs: number;
};

export class LoadWork {
  readonly #world: LoadWorld;
  readonly #process: Process;
  readonly #load: Load;
  readonly #key: string;

  constructor(world: LoadWorld, process: Process, load: Load) {
    this.#world = world;
    this.#process = process;
    this.#load = load;
    this.#key = `${load.runId}/${load.taskId}`;
  }

  /** Rows that the load has in the target. Errors: LOAD_FENCED, CONNECTION_FAILED. */
  async run(): Promise<number> {
    try {
      return await this.#inSession((session) => this.#loadOnce(session));
    } catch (error) {
      if (!(error instanceof FloeError) || error.code !== 'CONNECTION_FAILED') throw error;
      return this.#askLedger(error);
    }
  }

  /** Rows of the load when it had taken effect; undefined when it never will. Errors: CONNECTION_FAILED. */
  ruleOut(): Promise<number | undefined> {
    const { ledger } = this.#world.target;
    return this.#inSession(async (session) => {
      await this.#statement(session, () => {
        const row = ledger.get(this.#key);
        if (row?.state === 'open') this.#end(row.session);
      });
      await this.#statement(session, () => this.#lock(session));
      return this.#statement(session, () => {
        const row = ledger.get(this.#key);
        if (row?.state === 'done') return row.rows;
        const mark = { epoch: VOID_EPOCH, state: 'open', rows: 0, session } as const;
        if (this.#world.fence.marksVoid) ledger.set(this.#key, mark);
        return undefined;
      });
    });
  }

  async #loadOnce(session: TargetSession): Promise<number> {
    await this.#statement(session, () => this.#open(session));
    const opened = await this.#lockAndCheck(session);
    // Outside of a transaction a lock lasts for its statement.
    this.#world.target.locks.release(session);
    if (opened !== undefined) return opened;
    // Until the commit nobody else sees the rows.
    await this.#process.work(this.#load.copyMs);
    const done = await this.#lockAndCheck(session);
    return done ?? this.#commit(session);
  }

  async #commit(session: TargetSession): Promise<number> {
    const { faults, target, time } = this.#world;
    const { runId, taskId, epoch, rows } = this.#load;
    await this.#statement(session, () => {
      if (faults.hits('target-commit-unknown-undone', this.#key)) throw connectionLost('commit');
      const row = target.ledger.get(this.#key)!;
      const effect: Effect = { runId, taskId, epoch, rows, at: time.now };
      target.ledger.set(this.#key, {
        ...row,
        epoch: Math.max(epoch, row.epoch),
        state: 'done',
        rows,
      });
      this.#end(session);
      target.add(effect);
      if (faults.hits('target-commit-unknown-done', this.#key)) throw connectionLost('commit');
    });
    return rows;
  }

  /** Nothing is guessed: the lock waits for a transaction that may still be ending. */
  async #askLedger(lost: FloeError): Promise<number> {
    const done = await this.#inSession((session) => this.#lockAndCheck(session));
    if (done === undefined) throw lost;
    return done;
  }

  /** Rows of the load when it is done; undefined when this attempt may go on. */
  async #lockAndCheck(session: TargetSession): Promise<number | undefined> {
    await this.#statement(session, () => this.#lock(session));
    const { checksEpoch, checksDone } = this.#world.fence;
    const row = this.#world.target.ledger.get(this.#key);
    if (checksEpoch && (row === undefined || row.epoch > this.#load.epoch)) throw fenced();
    return checksDone && row?.state === 'done' ? row.rows : undefined;
  }

  /** Who opens the load for a newer epoch ends the session of the older one. */
  #open(session: TargetSession): void {
    const { ledger } = this.#world.target;
    const { epoch } = this.#load;
    const row = ledger.get(this.#key);
    if (row !== undefined && (row.state === 'done' || row.epoch >= epoch)) return;
    if (row !== undefined) this.#end(row.session);
    ledger.set(this.#key, { epoch, state: 'open', rows: 0, session });
  }

  #lock(session: TargetSession): Promise<void> | undefined {
    const { target, time } = this.#world;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const granted = () => this.#process.deliver(resolve);
    if (target.locks.take(this.#key, session, granted)) return undefined;
    time.after(LOCK_TIMEOUT_MS, () => this.#process.deliver(() => reject(connectionLost('lock'))));
    return promise;
  }

  async #inSession<Result>(work: (session: TargetSession) => Promise<Result>): Promise<Result> {
    const session = { process: this.#process, isOpen: true };
    // A statement that was on its way when the worker died may still take effect.
    this.#process.onDeath(() => void this.#world.time.after(DYING_MS, () => this.#end(session)));
    // L3
    this.#process.onPause(
      () => void this.#world.time.after(IDLE_MS, () => this.#endIfPaused(session)),
    );
    try {
      return await work(session);
    } finally {
      this.#end(session);
    }
  }

  #endIfPaused(session: TargetSession): void {
    if (this.#process.state === 'paused') this.#end(session);
  }

  #end(session: TargetSession): void {
    if (!session.isOpen) return;
    session.isOpen = false;
    this.#world.target.locks.release(session);
  }

  #statement<Answer>(session: TargetSession, body: () => Answer): Promise<Answer> {
    const { time, dice, faults, network } = this.#world;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const fail = (ms: number, why: string) =>
      void time.after(ms, () => this.#process.deliver(() => reject(connectionLost(why))));
    const [from, to] = faults.hits('target-slow', this.#key) ? SLOW_MS : STATEMENT_MS;
    const arrive = () => {
      if (!session.isOpen || faults.hits('target-failed', this.#key)) {
        this.#end(session);
        return fail(0, 'the session is gone');
      }
      try {
        const answer = body();
        this.#process.deliver(() => resolve(answer));
      } catch (error) {
        this.#end(session);
        this.#process.deliver(() => reject(error));
      }
    };
    const way = { from: this.#process.name, to: TARGET };
    time.after(dice.int(from, to), () => network.carry(way, arrive, () => fail(0, 'no answer')));
    return promise;
  }
}

function connectionLost(what: string): FloeError {
  return new FloeError('CONNECTION_FAILED', `the target database did not answer: ${what}`);
}

function fenced(): FloeError {
  return new FloeError('LOAD_FENCED', 'the load belongs to a newer attempt');
}
