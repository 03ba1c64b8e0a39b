/**
 * The supervisor of an embedded Floe: starts processes group by group, keeps them running, ends them in reverse.
 *
 *   U1. A group starts when all processes of the groups before it are ready; its own start in parallel.
 *   U2. A process that ends, in whatever way, is started again (see keeper.ts).
 *   U3. `stop` ends the groups last to first, each within the bounds of its processes.
 *   U4. `processes.json` names every process with pid and start time, so that those of a supervisor which was killed
 *       are found and ended by the next one before it starts anything.
 *   U5. Logs stay within bounds.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startDuty, type Duty } from '@floe/service';
import type { ChildSpec, RunningChild } from './child-process.ts';
import { Keeper } from './keeper.ts';
import { endLeftovers, writeRecords, type ProcessRecord } from './leftovers.ts';
import { identify } from './process-identity.ts';
import { rotateLogs } from './rotate-log.ts';

export type SupervisedSpec = {
  readonly child: ChildSpec;
  /** Tries for the first start; 1 when absent. */
  readonly startAttempts?: number;
};

export type SupervisedProcess = {
  readonly name: string;
  readonly pid: number;
  readonly restarts: number;
};

// A log grows by little within this time compared with its bound.
const ROTATE_EVERY_MS = 10_000;

export class Supervisor {
  readonly #stateDir: string;
  readonly #report: (line: string) => void;
  readonly #groups: Keeper[][] = [];
  readonly #records = new Map<string, ProcessRecord>();
  readonly #rotation: Duty;
  #writing: Promise<void> = Promise.resolve();

  private constructor(stateDir: string, report: (line: string) => void) {
    this.#stateDir = stateDir;
    this.#report = report;
    this.#rotation = startDuty({
      name: 'rotate-logs',
      everyMs: ROTATE_EVERY_MS,
      run: () => rotateLogs(join(stateDir, 'logs')),
      onError: (error) => report(`logs cannot be rotated: ${error.message}`),
    });
  }

  /** Ends what a supervisor of the same folder left behind. The caller holds the lock of the folder. */
  static async open(stateDir: string, report: (line: string) => void): Promise<Supervisor> {
    await mkdir(join(stateDir, 'logs'), { recursive: true, mode: 0o700 });
    const ended = await endLeftovers(stateDir);
    if (ended.length > 0) report(`ended what an earlier Floe left running: ${ended.join(', ')}`);
    return new Supervisor(stateDir, report);
  }

  processes(): SupervisedProcess[] {
    return this.#groups.flat().flatMap(({ name, child, restarts }) => {
      return child ? [{ name, pid: child.pid, restarts }] : [];
    });
  }

  /** Resolves when all are ready. When one fails the others may run: `stop` ends them. */
  async startGroup(specs: readonly SupervisedSpec[]): Promise<void> {
    await this.startGroups([specs]);
  }

  /** All at once; when they are stopped each group is over before the one in front of it begins to stop. */
  async startGroups(groups: readonly (readonly SupervisedSpec[])[]): Promise<void> {
    const keepers = groups.map((specs) => this.#addGroup(specs));
    const results = await Promise.allSettled(keepers.flat().map((keeper) => keeper.start()));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  #addGroup(specs: readonly SupervisedSpec[]): readonly Keeper[] {
    const group = this.#groups.length;
    const keepers = specs.map(({ child: spec, startAttempts = 1 }) => {
      const onStarted = (child: RunningChild) => this.#record({ spec, child, group });
      return new Keeper({ spec, startAttempts, report: this.#report, onStarted });
    });
    this.#groups.push(keepers);
    return keepers;
  }

  async stop(): Promise<void> {
    for (const keepers of this.#groups.toReversed()) {
      await Promise.all(keepers.map((keeper) => keeper.stop()));
    }
    await this.#rotation.stop();
    this.#records.clear();
    await this.#writeRecords();
  }

  async #record(started: { spec: ChildSpec; child: RunningChild; group: number }): Promise<void> {
    const { spec, child, group } = started;
    const identity = await identify(child.pid);
    // It has ended already: there is nothing to find again, and its keeper knows.
    if (!identity) return;
    const record = { ...identity, name: spec.name, group, stopSignal: spec.stopSignal };
    this.#records.set(spec.name, record);
    await this.#writeRecords();
  }

  /** One write after the other, so that the last state is the one that stays. */
  #writeRecords(): Promise<void> {
    const write = () => writeRecords(this.#stateDir, [...this.#records.values()]);
    this.#writing = this.#writing.then(write, write);
    return this.#writing;
  }
}
