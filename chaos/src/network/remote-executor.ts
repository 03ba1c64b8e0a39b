/**
 * An executor behind a network of its own that can be cut: a namespace with one veth pair to this machine. A cut drops
 * packets without a word to either side, as a broken switch does.
 *
 * Owns the namespace, the pair, the relays on both of its ends and the executor.
 *   N1. The executor sees the addresses of the others as they are; relays on loopback carry its connections over the
 *       pair, and there is no other way out.
 *   N2. After disposal nothing of it is left.
 */
import type { Server } from 'node:net';
import { join } from 'node:path';
import { serviceSpec, startChild, type ChildSpec, type RunningChild } from '@floe/embedded';
import type { ChaosFloe } from '../chaos-floe.ts';
import { relay } from './relay.ts';
import { runIp } from './run-ip.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type RemoteOptions = {
  readonly env: Environment;
  /** Tells several of one process apart; below ten. */
  readonly ordinal?: number;
  /** Besides where the others are. */
  readonly settings?: Readonly<Record<string, string>>;
};

/** What the ids of such executors begin with. */
export const REMOTE_NAME = 'executor-remote';
const SLOTS = 2;

export class RemoteExecutor {
  readonly #floe: ChaosFloe;
  readonly #name: string;
  readonly #space: string;
  // Names of interfaces have at most 15 characters.
  readonly #near: string;
  readonly #far: string;
  // A network of four addresses; the pid keeps two chaoses on a machine apart.
  readonly #network: string;
  readonly #servers: Server[] = [];
  readonly #children: RunningChild[] = [];

  readonly #options: RemoteOptions;

  private constructor(floe: ChaosFloe, options: RemoteOptions) {
    this.#floe = floe;
    this.#options = options;
    const { ordinal = 0 } = options;
    const { pid } = process;
    this.#name = `${REMOTE_NAME}-${ordinal}`;
    this.#space = `floe-${pid}-${ordinal}`;
    this.#near = `fl${pid}a${ordinal}`;
    this.#far = `fl${pid}b${ordinal}`;
    this.#network = `10.${213 + ordinal}.${pid % 250}`;
  }

  static async start(floe: ChaosFloe, options: RemoteOptions): Promise<RemoteExecutor> {
    const remote = new RemoteExecutor(floe, options);
    try {
      await remote.#connect();
      await remote.#startRelays();
      await remote.#startExecutor();
      return remote;
    } catch (error) {
      await remote[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** By which runs name it. */
  get executorId(): string {
    return `${this.#name}-${process.pid}`;
  }

  /** Ends the executor without a word, and its workers with it. */
  async kill(): Promise<void> {
    const executor = this.#children.at(-1)!;
    executor.kill('SIGKILL');
    await executor.exited;
  }

  cut(): Promise<void> {
    return runIp('link', 'set', this.#near, 'down');
  }

  mend(): Promise<void> {
    return runIp('link', 'set', this.#near, 'up');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children.toReversed()) await child.stop();
    for (const server of this.#servers) server.close();
    // The pair goes with the namespace that holds its other end.
    await runIp('netns', 'del', this.#space).catch(() => undefined);
  }

  async #connect(): Promise<void> {
    await runIp('netns', 'add', this.#space);
    const pair = [this.#near, 'type', 'veth', 'peer', 'name', this.#far];
    await runIp('link', 'add', ...pair);
    await runIp('link', 'set', this.#far, 'netns', this.#space);
    await runIp('addr', 'add', `${this.#network}.1/30`, 'dev', this.#near);
    await runIp('link', 'set', this.#near, 'up');
    const inside = ['-n', this.#space];
    await runIp(...inside, 'addr', 'add', `${this.#network}.2/30`, 'dev', this.#far);
    await runIp(...inside, 'link', 'set', this.#far, 'up');
    await runIp(...inside, 'link', 'set', 'lo', 'up');
  }

  /** N1 */
  async #startRelays(): Promise<void> {
    const near = `${this.#network}.1`;
    const ports = portsOf(this.#floe);
    for (const port of ports)
      this.#servers.push(await relay({ port, from: near, to: '127.0.0.1' }));
    const main = join(import.meta.dirname, 'relay-main.ts');
    const spec = this.#spec(`relay-${this.#name}`, {});
    const args = [...spec.args.slice(0, -1), main, near, ...ports.map(String)];
    this.#children.push(await startChild({ ...spec, args }));
  }

  async #startExecutor(): Promise<void> {
    const { nats, metadata, reporting } = this.#floe.embedded.endpoints;
    const settings = {
      FLOE_NATS_URL: nats,
      FLOE_METADATA_ADDRESS: metadata,
      FLOE_SCHEDULER_ADDRESS: this.#floe.embedded.schedulers.join(','),
      FLOE_REPORTING_ADDRESS: reporting,
      FLOE_EXECUTOR_LISTEN: '127.0.0.1:0',
      FLOE_EXECUTOR_SLOTS: String(SLOTS),
      FLOE_EXECUTOR_ID: this.executorId,
      ...this.#options.settings,
    };
    this.#children.push(await startChild(this.#spec(this.#name, settings)));
  }

  /** A service as the embedded Floe starts it, but in the namespace: `ip` becomes the program that it is given. */
  #spec(name: string, settings: Readonly<Record<string, string>>): ChildSpec {
    const { stateDir } = this.#floe;
    const spec = serviceSpec({
      app: 'executor',
      name,
      stateDir,
      settings,
      base: this.#options.env,
    });
    const args = ['netns', 'exec', this.#space, spec.command, ...spec.args];
    return { ...spec, command: 'ip', args };
  }
}

/** The ports of everything that an executor and its tasks talk to. */
function portsOf({ embedded }: ChaosFloe): number[] {
  const { nats, metadata, reporting, postgres } = embedded.endpoints;
  const addresses = [nats, metadata, reporting, ...embedded.schedulers];
  return [...addresses.map((address) => Number(address.split(':').at(-1))), postgres.port];
}
