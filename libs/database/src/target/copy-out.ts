/**
 * A `copy ... to stdout` on a connection of pg.
 *
 * It takes the bytes off the socket before pg sees them: rows go to the receiver as they lie, everything else goes on
 * to pg, whose error and end of the statement come back here.
 *
 * C1. At most one read is in memory: while the receiver is busy nothing is read, so that the server waits.
 * C2. It settles once: with the end of the statement, with the first error of server or receiver, or when the
 *     connection closes.
 */
import type { Duplex } from 'node:stream';
import type { Connection, Submittable } from 'pg';
import { Message, MessageSplitter } from './copy-messages.ts';
import { CopySocket } from './copy-socket.ts';

export type CopyReceiver = {
  /**
   * Takes whole CopyData messages, with their heads; the bytes are good until it returns. A promise asks to bring no
   * more before it resolves.
   */
  receive(messages: Buffer): Promise<void> | undefined;
};

type DataListener = (bytes: Buffer) => void;

/** What waits for a busy receiver, in its order. */
type Waiting = { readonly kind: 'data' | 'other'; readonly message: Buffer };

export class CopyOutStatement implements Submittable {
  readonly settled: Promise<void>;
  readonly #sql: string;
  readonly #receiver: CopyReceiver;
  readonly #splitter: MessageSplitter;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  readonly #waiting: Waiting[] = [];
  #isBusy = false;
  #hasFailed = false;
  #stream: Duplex | undefined;
  #toDriver: DataListener = () => {};

  constructor(sql: string, receiver: CopyReceiver) {
    this.#sql = sql;
    this.#receiver = receiver;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    [this.settled, this.#resolve, this.#reject] = [promise, resolve, reject];
    this.#splitter = new MessageSplitter({
      onCopyData: (message) => this.#arrive({ kind: 'data', message }),
      onOther: (message) => this.#arrive({ kind: 'other', message }),
    });
  }

  get isServersTurn(): boolean {
    return !this.#isBusy;
  }

  submit(connection: Connection): void {
    const { stream } = connection;
    this.#stream = stream;
    this.#toDriver = stream.listeners('data')[0] as DataListener;
    stream.on('close', this.#onClose);
    if (stream instanceof CopySocket) stream.takeBytes((bytes) => this.#take(bytes));
    else {
      stream.removeListener('data', this.#toDriver);
      stream.on('data', this.#onData);
    }
    connection.query(this.#sql);
  }

  handleCommandComplete(): void {
    // The statement is over when the server is ready for the next.
  }

  handleError(error: unknown): void {
    this.#fail(error);
  }

  handleReadyForQuery(): void {
    this.#resolve();
  }

  readonly #onClose = (): void => this.#fail(new Error('the connection was closed'));

  readonly #onData = (bytes: Buffer): void => {
    if (!this.#take(bytes)) this.#stream?.pause();
  };

  #take(bytes: Buffer): boolean {
    try {
      this.#splitter.push(bytes);
    } catch (thrown) {
      this.#fail(thrown);
    }
    return !this.#isBusy;
  }

  /** The bytes are good for now only: what has to wait is copied. */
  #arrive(item: Waiting): void {
    if (this.#isBusy) this.#waiting.push({ ...item, message: Buffer.from(item.message) });
    else this.#handle(item);
  }

  #handle({ kind, message }: Waiting): void {
    if (kind === 'other') return this.#passOn(message);
    if (this.#hasFailed) return undefined;
    const busy = this.#receiver.receive(message);
    if (busy === undefined) return undefined;
    this.#isBusy = true;
    busy.then(
      () => this.#goOn(),
      (reason: unknown) => this.#fail(reason),
    );
  }

  #goOn(): void {
    this.#isBusy = false;
    try {
      while (!this.#isBusy && this.#waiting.length > 0) this.#handle(this.#waiting.shift()!);
    } catch (thrown) {
      this.#fail(thrown);
    }
    if (!this.#isBusy) this.#stream?.resume();
  }

  #passOn(message: Buffer): void {
    const letter = message[0];
    if (letter === Message.copyOutResponse || letter === Message.copyDone) return;
    if (letter === Message.readyForQuery) this.#release();
    // pg keeps parts of a message beyond this call.
    this.#toDriver(Buffer.from(message));
  }

  #fail(error: unknown): void {
    this.#hasFailed = true;
    this.#reject(error);
    this.#goOn();
  }

  #release(): void {
    const stream = this.#stream;
    stream?.removeListener('close', this.#onClose);
    if (stream instanceof CopySocket) stream.takeBytes(undefined);
    else {
      stream?.removeListener('data', this.#onData);
      stream?.on('data', this.#toDriver);
    }
  }
}
