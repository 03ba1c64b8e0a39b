/**
 * A `copy ... from stdin` on a connection of pg.
 *
 *   I1. A piece is the source's again when the piece after the next is asked for: by then it has left this process. So a
 *       source needs no more than two buffers, and one is filled while the other is sent.
 *   I2. It settles once: with the rows that the server counted, with the first error of server or source, or when the
 *       connection closes.
 *   I3. A source that fails makes the server forget the rows, and the session can be used again.
 */
import type { Connection, Submittable } from 'pg';

const COPY_DATA = 0x64;
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);
/** A letter and a length that counts itself. */
const HEAD_BYTES = 5;
/** What the server is told of a failing source: its own message may show values. */
const SOURCE_FAILED = 'the source of the rows failed';

/** The types of pg leave out what its protocol does. */
type CopyConnection = Connection & { sendCopyFail(message: string): void };

type CommandComplete = { readonly text?: string };

export class CopyInStatement implements Submittable {
  /** Resolves with the rows that the server counted. */
  readonly settled: Promise<number>;
  readonly #sql: string;
  readonly #pieces: AsyncIterable<Buffer>;
  readonly #resolve: (rows: number) => void;
  readonly #reject: (error: unknown) => void;
  #connection: CopyConnection | undefined;
  #hasEnded = false;
  #isSourcesTurn = false;
  #sourceFailure: { readonly thrown: unknown } | undefined;
  #rows = 0;

  constructor(sql: string, pieces: AsyncIterable<Buffer>) {
    this.#sql = sql;
    this.#pieces = pieces;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    [this.settled, this.#resolve, this.#reject] = [promise, resolve, reject];
  }

  get isServersTurn(): boolean {
    return !this.#isSourcesTurn;
  }

  submit(connection: Connection): void {
    this.#connection = connection as CopyConnection;
    connection.stream.on('close', this.#onClose);
    connection.query(this.#sql);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    void this.#feed(connection);
  }

  handleCommandComplete({ text = '' }: CommandComplete): void {
    this.#rows = Number(/^COPY (\d+)/.exec(text)?.[1] ?? 0);
  }

  /** The server answers a failed source with an error of its own, which says less. */
  handleError(error: unknown): void {
    this.#end();
    this.#reject(this.#sourceFailure === undefined ? error : this.#sourceFailure.thrown);
  }

  handleReadyForQuery(): void {
    this.#end();
    this.#resolve(this.#rows);
  }

  readonly #onClose = (): void => this.handleError(new Error('the connection was closed'));

  #end(): void {
    this.#hasEnded = true;
    this.#connection?.stream.removeListener('close', this.#onClose);
  }

  async #feed(connection: CopyConnection): Promise<void> {
    try {
      let isSent: Promise<void> = Promise.resolve();
      this.#isSourcesTurn = true;
      for await (const piece of this.#pieces) {
        this.#isSourcesTurn = false;
        // After an error the server throws away what still comes.
        if (this.#hasEnded) return;
        const before = isSent;
        isSent = this.#send(connection, piece);
        await before; // I1
        this.#isSourcesTurn = true;
      }
      this.#isSourcesTurn = false;
      await isSent;
      if (!this.#hasEnded) connection.stream.write(COPY_DONE);
    } catch (thrown) {
      if (this.#hasEnded) return;
      this.#sourceFailure = { thrown };
      connection.sendCopyFail(SOURCE_FAILED);
    }
  }

  /** Resolves also when the connection breaks: its end is told by `close`. */
  #send({ stream }: CopyConnection, piece: Buffer): Promise<void> {
    const head = Buffer.alloc(HEAD_BYTES);
    head[0] = COPY_DATA;
    head.writeUInt32BE(piece.length + HEAD_BYTES - 1, 1);
    const { promise, resolve } = Promise.withResolvers<void>();
    // Both in one system call.
    stream.cork();
    stream.write(head);
    stream.write(piece, () => resolve());
    stream.uncork();
    return promise;
  }
}
