import type { Socket } from 'node:net';
import { FloeError } from '@floe/errors';
import type { Client, Connection, QueryResultRow, Submittable } from 'pg';
import { cancelBackend } from './cancel-backend.ts';
import type { TargetAddress } from './target-address.ts';
import { closeClient, connectClient, connectionOf } from './connect-client.ts';
import { CopyInStatement } from './copy-in.ts';
import { requestCancel } from './request-cancel.ts';
import { CopyOutStatement, type CopyReceiver } from './copy-out.ts';
import { SILENCE_LIMITS, type SilenceLimits, withSilenceWatch } from './silence-watch.ts';
import { toSessionError } from './target-error.ts';

export type TargetOptions = {
  /** Shown in pg_stat_activity; `floe:<run>:<task>`. Cut to 63 bytes. */
  readonly applicationName: string;
  /** 0 sets no limit: the task's own timeout rules. */
  readonly statementTimeoutMs: number;
  /** Ends the running statement, on the server too, and the session. */
  readonly signal?: AbortSignal;
  /** W3C trace context; every statement carries it in a comment. */
  readonly traceparent?: string;
  readonly silence?: SilenceLimits;
};

/** A statement with a life of its own on the connection. */
export type OwnStatement<Result> = Submittable & {
  /** How it ended. */
  readonly settled: Promise<Result>;
  /** False while the server waits for us; absent where it never does. */
  readonly isServersTurn?: boolean;
};

/** What a user, database or server may have set otherwise, and must not change what a task does. */
const SETTINGS = {
  // Backslashes in strings are read as SQL says.
  standard_conforming_strings: 'on',
  // No commit that has been confirmed is forgotten.
  synchronous_commit: 'on',
  // Values that travel as text mean the same to whoever reads them; the order of day and month in dates that a query writes stays.
  datestyle: 'ISO',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  xmloption: 'content',
  // Who waits for a row of the ledger has to see what was written meanwhile. Extracts and users' statements begin otherwise.
  default_transaction_isolation: 'read committed',
  // A connection that has read its part waits in its transaction for the others. The task's own timeout rules.
  idle_in_transaction_session_timeout: '0',
  transaction_timeout: '0',
};

/**
 * Servers of old do not know all of the settings. Behind a pooler, which tells a number of its own, they are not to stay
 * with the session of the server: it may serve others next.
 */
const SET_UP = `
  select pg_backend_pid() as pid, array_agg(name order by name) as known,
         count(set_config(name, value, pg_backend_pid() <> $3::int))
  from unnest($1::text[], $2::text[]) as s (name, value) where current_setting(name, true) is not null`;

const TRACEPARENT = /^[0-9a-f-]{1,64}$/;

/**
 * One session in a user's database.
 *
 * It owns the connection.
 * T1. Every failure comes out as a FloeError that names the database and not the password.
 * T2. One statement at a time: the caller awaits each before the next.
 * T3. After disposal, also in the middle of a COPY, the connection is closed.
 * T4. An abort cancels the running statement on the server before it closes the connection.
 * T5. A statement whose server has fallen silent fails within a good minute; one that is slow does not.
 * T6. Settings hold for all of the session; behind a pooler, for each of its transactions and for nobody else.
 */
export class TargetSession {
  readonly #client: Client;
  readonly #address: TargetAddress;
  readonly #signal: AbortSignal | undefined;
  readonly #comment: string;
  readonly #onAbort: () => void;
  readonly #silence: SilenceLimits;
  readonly #applicationName: string;
  #backendPid = 0;
  /** What every transaction begins with behind a pooler (T6). */
  #localSettings = '';
  /** False behind a pooler. */
  #isDirect = false;

  private constructor(client: Client, address: TargetAddress, options: TargetOptions) {
    this.#client = client;
    this.#address = address;
    this.#signal = options.signal;
    this.#silence = options.silence ?? SILENCE_LIMITS;
    this.#applicationName = options.applicationName;
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
      await session.#setUp({ ...SETTINGS, statement_timeout: String(options.statementTimeoutMs) });
      return session;
    } catch (thrown) {
      await session[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  async #setUp(settings: Readonly<Record<string, string>>): Promise<void> {
    // The types of pg leave out what its client keeps from the start of the session.
    const { processID } = this.#client as Client & { readonly processID: number };
    const [row] = await this.query<{ pid: number; known: string[] }>(SET_UP, [
      Object.keys(settings),
      Object.values(settings),
      processID,
    ]);
    this.#backendPid = row!.pid;
    this.#isDirect = row!.pid === processID;
    if (this.#isDirect) return;
    const known = row!.known.map((name) => `; set local ${name} = '${settings[name]!}'`);
    this.#localSettings = known.join('');
  }

  /** Whether a pooler stands between, which has so many connections and no more. */
  get isPooled(): boolean {
    return !this.#isDirect;
  }

  /** For cancelling the statement from elsewhere. Behind a pooler it may come to serve others. */
  get backendPid(): number {
    return this.#backendPid;
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
      const result = await this.#watched(() =>
        values.length === 0
          ? this.#client.query<Row>(text)
          : this.#client.query<Row>(text, [...values]),
      );
      return result.rows;
    } catch (thrown) {
      throw this.#convert(thrown);
    }
  }

  /** Runs one statement, and only one: the server refuses several. Returns how many rows it touched or gave. */
  async execute(sql: string, values: readonly unknown[]): Promise<number> {
    // The driver refuses a COPY from the client, and the server reads on to the next sync before it says so.
    const connection = connectionOf(this.#client) as Connection & { sync(): void };
    let isCopy = false;
    const onCopy = (): void => {
      isCopy = true;
      connection.sync();
    };
    connection.once('copyInResponse', onCopy);
    try {
      // The extended protocol also without values: it is the one that takes no second statement.
      const query = { text: this.#comment + sql, values: [...values], queryMode: 'extended' };
      const result = await this.#watched(() => this.#client.query(query));
      return result.rowCount ?? 0;
    } catch (thrown) {
      throw isCopy ? wantsRows(thrown) : this.#convert(thrown);
    } finally {
      connection.removeListener('copyInResponse', onCopy);
    }
  }

  /** Hands the connection a statement with a life of its own. The comment goes in front of its text. */
  async submit<Result>(create: (comment: string) => OwnStatement<Result>): Promise<Result> {
    const statement = create(this.#comment);
    try {
      return await this.#watched(
        () => this.#client.query(statement).settled,
        () => statement.isServersTurn ?? true,
      );
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
      await closeClient(this.#client);
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
    await this.query(begin + this.#localSettings);
    const result = await this.#rollBackOnError(body);
    await this.query('commit');
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    await closeClient(this.#client);
  }

  /** T5 */
  #watched<Result>(
    run: () => Promise<Result>,
    isServersTurn: () => boolean = () => true,
  ): Promise<Result> {
    const session = {
      address: this.#address,
      applicationName: this.#applicationName,
      socket: connectionOf(this.#client).stream as Socket,
      backendPid: this.#isDirect ? this.backendPid : undefined,
    };
    return withSilenceWatch(session, this.#silence, { run, isServersTurn });
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
      const name = this.#applicationName;
      if (this.#isDirect) await cancelBackend(this.#address, this.#backendPid, { name });
      else await requestCancel(this.#client, this.#address);
    } catch {
      // The server did not take the cancel; closing the connection below is all that is left.
    }
    await closeClient(this.#client);
  }

  #convert(thrown: unknown): FloeError {
    if (this.#signal?.aborted !== true) return toSessionError(thrown, this.#address);
    return new FloeError('CANCELLED', 'the statement was cancelled', { cause: thrown });
  }
}

function wantsRows(thrown: unknown): FloeError {
  return new FloeError(
    'QUERY_FAILED',
    'the statement wants rows from the client, and there are none',
    {
      cause: thrown,
      hint: 'load a dataset with a task of type postgres_load, or copy from a file on the server',
    },
  );
}

/**
 * Connects to a user's database.
 * Errors: CONNECTION_FAILED (host:port/database and why), CREDENTIALS_REFUSED.
 */
export function openTarget(address: TargetAddress, options: TargetOptions): Promise<TargetSession> {
  return TargetSession.open(address, options);
}
