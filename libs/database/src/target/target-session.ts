import { FloeError } from '@floe/errors';
import type { Client, QueryResultRow, Submittable } from 'pg';
import { cancelBackend } from './cancel-backend.ts';
import type { TargetAddress } from './target-address.ts';
import { connectClient } from './connect-client.ts';
import { CopyInStatement } from './copy-in.ts';
import { CopyOutStatement, type CopyReceiver } from './copy-out.ts';
import { toTargetError } from './target-error.ts';

export type TargetOptions = {
  /** Shown in pg_stat_activity; `floe:<run>:<task>`. Cut to 63 bytes. */
  readonly applicationName: string;
  /** 0 sets no limit: the task's own timeout rules. */
  readonly statementTimeoutMs: number;
  /** Ends the running statement, on the server too, and the session. */
  readonly signal?: AbortSignal;
  /** W3C trace context; every statement carries it in a comment. */
  readonly traceparent?: string;
};

const TRACEPARENT = /^[0-9a-f-]{1,64}$/;

/**
 * One session in a user's database.
 *
 * It owns the connection.
 * T1. Every failure comes out as a FloeError that names the database and not the password.
 * T2. One statement at a time: the caller awaits each before the next.
 * T3. After disposal, also in the middle of a COPY, the connection is closed.
 * T4. An abort cancels the running statement on the server before it closes the connection.
 */
export class TargetSession {
  readonly #client: Client;
  readonly #address: TargetAddress;
  readonly #signal: AbortSignal | undefined;
  readonly #comment: string;
  readonly #onAbort: () => void;

  private constructor(client: Client, address: TargetAddress, options: TargetOptions) {
    this.#client = client;
    this.#address = address;
    this.#signal = options.signal;
    const { traceparent } = options;
    const isSafe = traceparent !== undefined && TRACEPARENT.test(traceparent);
    this.#comment = isSafe ? `/* traceparent='${traceparent}' */ ` : '';
    this.#onAbort = () => void this.#abort();
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  static async open(address: TargetAddress, options: TargetOptions): Promise<TargetSession> {
    if (options.signal?.aborted === true)
      throw new FloeError('CANCELLED', 'the session was cancelled before it began');
    const client = await connectClient(address, options.applicationName);
    const session = new TargetSession(client, address, options);
    try {
      // PostgreSQL reads backslashes in strings as SQL says, and forgets no commit that it has confirmed.
      await session.query(
        `select set_config('statement_timeout', $1, false), set_config('standard_conforming_strings', 'on', false),
                set_config('synchronous_commit', 'on', false)`,
        [String(options.statementTimeoutMs)],
      );
      return session;
    } catch (thrown) {
      await session[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  /** For cancelling the statement from elsewhere. */
  get backendPid(): number {
    // The types of pg leave out what its client keeps from the start of the session.
    return (this.#client as Client & { readonly processID: number }).processID;
  }

  /** Characters that stand in front of every statement; PostgreSQL counts them in the positions of its errors. */
  get commentLength(): number {
    return this.#comment.length;
  }

  async query<Row extends QueryResultRow>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    try {
      const text = this.#comment + sql;
      // Without values the simple protocol is used, which also takes statements that cannot be prepared.
      const result =
        values.length === 0
          ? await this.#client.query<Row>(text)
          : await this.#client.query<Row>(text, [...values]);
      return result.rows;
    } catch (thrown) {
      throw this.#convert(thrown);
    }
  }

  /** Runs one statement, and only one: the server refuses several. Returns how many rows it touched or gave. */
  async execute(sql: string, values: readonly unknown[]): Promise<number> {
    try {
      // The extended protocol also without values: it is the one that takes no second statement.
      const query = { text: this.#comment + sql, values: [...values], queryMode: 'extended' };
      const result = await this.#client.query(query);
      return result.rowCount ?? 0;
    } catch (thrown) {
      throw this.#convert(thrown);
    }
  }

  /**
   * Hands the connection a statement with a life of its own; `settled` tells how it ended. The comment goes in front of
   * its text.
   */
  async submit<Result>(
    create: (comment: string) => Submittable & { readonly settled: Promise<Result> },
  ): Promise<Result> {
    try {
      return await this.#client.query(create(this.#comment)).settled;
    } catch (thrown) {
      throw this.#convert(thrown);
    }
  }

  /**
   * Brings the rows of a `copy ... to stdout` to the receiver as they come; while it is busy the server waits. A receiver
   * that fails closes the session: the server is still sending.
   */
  async copyOut(sql: string, receiver: CopyReceiver): Promise<void> {
    try {
      await this.submit((comment) => new CopyOutStatement(comment + sql, receiver));
    } catch (thrown) {
      await this.#close();
      throw thrown;
    }
  }

  /**
   * Feeds a `copy ... from stdin`. Returns the rows that PostgreSQL counted. A failing source fails the COPY. The source may
   * fill a piece anew when the piece after the next is asked for.
   */
  copyIn(sql: string, pieces: AsyncIterable<Buffer>): Promise<number> {
    return this.submit((comment) => new CopyInStatement(comment + sql, pieces));
  }

  /** Runs the body in a transaction. An error rolls it back; the caller sees the first error. */
  async transaction<Result>(begin: string, body: () => Promise<Result>): Promise<Result> {
    await this.query(begin);
    const result = await this.#rollBackOnError(body);
    await this.query('commit');
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    await this.#close();
  }

  async #close(): Promise<void> {
    try {
      await this.#client.end();
    } catch {
      // The server closes what is left of a connection that cannot say goodbye.
    }
  }

  async #rollBackOnError<Result>(body: () => Promise<Result>): Promise<Result> {
    try {
      return await body();
    } catch (thrown) {
      try {
        await this.query('rollback');
      } catch {
        // The connection is gone, and with it the transaction: the body's error says why.
      }
      throw thrown;
    }
  }

  async #abort(): Promise<void> {
    try {
      await cancelBackend(this.#address, this.backendPid);
    } catch {
      // The server did not take the cancel; closing the connection below is all that is left.
    }
    await this.#close();
  }

  #convert(thrown: unknown): FloeError {
    if (this.#signal?.aborted !== true) return toTargetError(thrown, this.#address);
    return new FloeError('CANCELLED', 'the statement was cancelled', { cause: thrown });
  }
}

/**
 * Connects to a user's database.
 * Errors: CONNECTION_FAILED (host:port/database and why), CREDENTIALS_REFUSED.
 */
export function openTarget(address: TargetAddress, options: TargetOptions): Promise<TargetSession> {
  return TargetSession.open(address, options);
}
