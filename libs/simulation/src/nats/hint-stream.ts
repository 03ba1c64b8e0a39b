/**
 * The work-queue stream of hints, as JetStream behaves and misbehaves.
 *
 *   J1. A message is given to one fetcher at a time. Without an ack it is given again after ACK_WAIT_MS, at most
 *       DELIVERIES_MAX times; then it stays and is never given again.
 *   J2. A late ack counts: it removes the message, whoever has it now.
 *   J3. A message may be lost, doubled or late; all of them may be gone at once.
 */
import type { Hint as ExecutorHint } from '@floe/execution';
import type { Hint } from '@floe/scheduling';
import type { FaultGate } from '../faults/fault-gate.ts';
import type { Dice } from '../world/dice.ts';
import type { Network } from '../world/network.ts';
import type { Process } from '../world/process.ts';
import type { VirtualTime } from '../world/virtual-time.ts';

export const NATS = 'nats';

const ACK_WAIT_MS = 10_000;
const DELIVERIES_MAX = 20;
// How long a fetch waits for a message.
const FETCH_MS = 4_500;
// A hint that was released comes again after this.
const RELEASE_MS = 1_000;
const TRANSIT_MS = [1, 4] as const;
const LATE_MS = [2_000, 30_000] as const;

type Message = { deliveries: number; isGone: boolean; holder: object | undefined };

type Fetcher = { readonly process: Process; give(message: Message): void };

export type HintStreamOptions = {
  readonly time: VirtualTime;
  readonly dice: Dice;
  readonly faults: FaultGate;
  readonly network: Network;
};

export class HintStream {
  readonly #options: HintStreamOptions;
  readonly #messages = new Map<string, Message[]>();
  readonly #fetchers = new Map<string, Fetcher[]>();
  #isDown = false;
  #isStuck = false;

  constructor(options: HintStreamOptions) {
    this.#options = options;
  }

  setDown(isDown: boolean): void {
    this.#isDown = isDown;
    if (!isDown) this.#giveAll();
  }

  /** It takes messages and gives none. */
  setStuck(isStuck: boolean): void {
    this.#isStuck = isStuck;
    if (!isStuck) this.#giveAll();
  }

  /** Every message is lost. */
  wipe(): void {
    for (const messages of this.#messages.values()) {
      for (const message of messages) message.isGone = true;
    }
    this.#messages.clear();
  }

  publish(from: Process, hints: readonly Hint[]): void {
    for (const { pool, lane, count } of hints) {
      for (let each = 0; each < count; each += 1) this.#publishOne(from, `${pool} ${lane}`);
    }
  }

  /** Waits a while for a hint. */
  next(process: Process, subject: string, signal: AbortSignal): Promise<ExecutorHint | undefined> {
    const { promise, resolve } = Promise.withResolvers<ExecutorHint | undefined>();
    if (signal.aborted) return Promise.resolve(undefined);
    const end = (hint: ExecutorHint | undefined) => {
      timeout.callOff();
      this.#forget(subject, fetcher);
      signal.removeEventListener('abort', onAbort);
      process.deliver(() => resolve(hint));
    };
    const onAbort = () => end(undefined);
    const fetcher: Fetcher = {
      process,
      give: (message) => end(this.#hold(process, subject, message)),
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const timeout = this.#options.time.after(FETCH_MS, () => end(undefined));
    this.#listOf(this.#fetchers, subject).push(fetcher);
    this.#give(subject);
    return promise;
  }

  #publishOne(from: Process, subject: string): void {
    const { faults, time, dice, network } = this.#options;
    if (this.#isDown || !network.isOpen(from.name, NATS)) return;
    if (faults.hits('hint-lost', subject)) return;
    const copies = faults.hits('hint-doubled', subject) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const [least, most] = faults.hits('hint-late', subject) ? LATE_MS : TRANSIT_MS;
      const message = { deliveries: 0, isGone: false, holder: undefined };
      time.after(dice.int(least, most), () => this.#arrive(subject, message));
    }
  }

  #arrive(subject: string, message: Message): void {
    if (this.#isDown || message.isGone) return;
    this.#listOf(this.#messages, subject).push(message);
    this.#give(subject);
  }

  #giveAll(): void {
    for (const subject of this.#messages.keys()) this.#give(subject);
  }

  #give(subject: string): void {
    if (this.#isDown || this.#isStuck) return;
    const { network } = this.#options;
    const messages = this.#listOf(this.#messages, subject);
    for (const message of messages.filter(
      ({ holder, deliveries }) => holder === undefined && deliveries < DELIVERIES_MAX,
    )) {
      const fetcher = this.#listOf(this.#fetchers, subject).find(
        ({ process }) => !process.isDead && network.isOpen(NATS, process.name),
      );
      if (fetcher === undefined) return;
      fetcher.give(message);
    }
  }

  /** J1, J2 */
  #hold(process: Process, subject: string, message: Message): ExecutorHint {
    const { time, faults, network } = this.#options;
    const holding = {};
    message.holder = holding;
    message.deliveries += 1;
    const again = () => {
      if (message.isGone || message.holder !== holding) return;
      message.holder = undefined;
      this.#give(subject);
    };
    time.after(ACK_WAIT_MS, again);
    return {
      ack: () => {
        if (this.#isDown || !network.isOpen(process.name, NATS)) return;
        if (!faults.hits('hint-ack-lost', process.name)) this.#remove(subject, message);
      },
      release: () => void time.after(RELEASE_MS, again),
    };
  }

  #remove(subject: string, message: Message): void {
    message.isGone = true;
    const messages = this.#listOf(this.#messages, subject);
    const place = messages.indexOf(message);
    if (place >= 0) messages.splice(place, 1);
  }

  #forget(subject: string, fetcher: Fetcher): void {
    const fetchers = this.#listOf(this.#fetchers, subject);
    const place = fetchers.indexOf(fetcher);
    if (place >= 0) fetchers.splice(place, 1);
  }

  #listOf<Item>(lists: Map<string, Item[]>, subject: string): Item[] {
    const known = lists.get(subject);
    if (known !== undefined) return known;
    const list: Item[] = [];
    lists.set(subject, list);
    return list;
  }
}
