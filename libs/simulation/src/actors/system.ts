/**
 * All processes of a simulated Floe, and what can be done to them.
 *
 *   Y1. What is killed is started again after a while, as its supervisor would, as another process without memory.
 *   Y2. `heal` mends everything and starts everything; from then on nothing goes wrong.
 */
import type { PlannedStrike, Scenario } from '../scenario/scenario.ts';
import { DATABASE } from '../postgres/control-server.ts';
import { NATS } from '../nats/hint-stream.ts';
import { TARGET } from '../target/load-work.ts';
import type { Process } from '../world/process.ts';
import type { RunningAttempt } from '../checkers/checker.ts';
import { Client } from './client.ts';
import { ExecutorActor } from './executor-actor.ts';
import type { Subscribers } from './publisher.ts';
import { ScheduleOwner } from './schedule-owner.ts';
import { SchedulerActor } from './scheduler-actor.ts';
import type { World } from './world.ts';

// The clock of the database may be set by this much, either way.
export const CLOCK_JUMP_MS = 30_000;
const RESTART_MS = 100;

export class System {
  readonly clients: readonly Client[];
  readonly subscribers: Subscribers;
  readonly schedules: ScheduleOwner;
  readonly #world: World;
  readonly #scenario: Scenario;
  readonly #schedulers: SchedulerActor[] = [];
  readonly #executors: ExecutorActor[] = [];
  #lives = 0;
  #isHealed = false;

  constructor(world: World, scenario: Scenario) {
    this.#world = world;
    this.#scenario = scenario;
    this.subscribers = {
      events: new Map(),
      onStop: (note) => this.#executors.find(({ id }) => id === note.executorId)?.hearStop(note),
    };
    for (let index = 0; index < scenario.schedulers; index += 1) this.#startScheduler(index);
    for (let index = 0; index < scenario.executors.length; index += 1) this.#startExecutor(index);
    this.clients = scenario.wishes.map((wish) => new Client(world, wish, () => this.#schedulers));
    this.schedules = new ScheduleOwner(world, scenario);
    for (const strike of scenario.planned) world.time.after(strike.at, () => this.#strike(strike));
  }

  heal(): void {
    const { faults, network, hints, database } = this.#world;
    this.#isHealed = true;
    faults.close();
    for (const name of this.#nodes()) network.mend(name);
    hints.setDown(false);
    hints.setStuck(false);
    database.setDown(false);
    this.#schedulers.forEach((actor, index) =>
      this.#revive(actor, () => this.#startScheduler(index)),
    );
    this.#executors.forEach((actor, index) => {
      for (const process of actor.worker.processes) process.resume();
      this.#revive(actor, () => this.#startExecutor(index));
    });
  }

  /** Work on executors that live. */
  runningWork(): RunningAttempt[] {
    return this.#executors.flatMap(({ process, worker }) =>
      process.isDead ? [] : [...worker.running].map(([{ name }, work]) => ({ worker: name, work })),
    );
  }

  #startScheduler(index: number): void {
    const name = `scheduler-${index + 1}`;
    this.#schedulers[index] = new SchedulerActor(this.#world, name, this.subscribers);
  }

  #startExecutor(index: number): void {
    this.#lives += 1;
    const name = `executor-${index + 1}`;
    this.#executors[index] = new ExecutorActor(this.#world, {
      name,
      id: `${name}.${this.#lives}`,
      spec: this.#scenario.executors[index]!,
      schedulers: () => this.#schedulers,
    });
    // Y2: one that was drained ends by itself.
    this.#executors[index]!.process.onDeath(() => {
      if (this.#isHealed) this.#world.time.after(RESTART_MS, () => this.#startExecutor(index));
    });
  }

  #revive({ process }: { readonly process: Process }, start: () => void): void {
    if (process.isDead) start();
    else process.resume();
  }

  #strike(strike: PlannedStrike): void {
    const { kind, which, forMs } = strike;
    if (!this.#world.faults.lets(kind, `for ${forMs} ms`)) return;
    const undo = this.#begin(kind, which);
    this.#world.time.after(forMs, () => {
      if (!this.#isHealed) undo();
    });
  }

  /** Begins it and gives what ends it. */
  #begin(kind: PlannedStrike['kind'], which: number): () => void {
    const { hints, database, datasets } = this.#world;
    switch (kind) {
      case 'kill-scheduler':
        return this.#kill(this.#schedulers, which, (index) => this.#startScheduler(index));
      case 'kill-executor':
        return this.#kill(this.#executors, which, (index) => this.#startExecutor(index));
      case 'pause-scheduler':
        return pauseAll([this.#schedulers[which % this.#schedulers.length]!.process]);
      case 'pause-supervisor':
        return pauseAll([this.#executor(which).process]);
      case 'pause-executor':
        return pauseAll([this.#executor(which).process, ...this.#executor(which).worker.processes]);
      case 'drain-executor':
        return this.#drain(which);
      case 'cut-node':
        return this.#cut(which);
      case 'nats-down':
        hints.setDown(true);
        return () => hints.setDown(false);
      case 'nats-stuck':
        hints.setStuck(true);
        return () => hints.setStuck(false);
      case 'nats-wiped':
        hints.wipe();
        return () => {};
      case 'database-down':
        database.setDown(true);
        return () => database.setDown(false);
      case 'database-clock-jump':
        database.jumpClock((which % (2 * CLOCK_JUMP_MS)) - CLOCK_JUMP_MS);
        return () => {};
      case 'datasets-collected':
        datasets.collectAll();
        return () => {};
    }
  }

  #executor(which: number): ExecutorActor {
    return this.#executors[which % this.#executors.length]!;
  }

  /** Y1 */
  #kill(
    actors: readonly { readonly process: Process }[],
    which: number,
    start: (index: number) => void,
  ): () => void {
    const index = which % actors.length;
    actors[index]!.process.kill();
    return () => {
      if (actors[index]!.process.isDead) start(index);
    };
  }

  #drain(which: number): () => void {
    const index = which % this.#executors.length;
    this.#executors[index]!.drain();
    return () => {
      if (this.#executors[index]!.process.isDead) this.#startExecutor(index);
    };
  }

  #cut(which: number): () => void {
    const nodes = this.#nodes();
    const node = nodes[which % nodes.length]!;
    for (const { id } of this.#executors) this.#world.asked.noteTrouble(id);
    this.#world.network.cut(node);
    return () => this.#world.network.mend(node);
  }

  #nodes(): string[] {
    const actors = [...this.#schedulers, ...this.#executors].map(({ name }) => name);
    return [...actors, NATS, DATABASE, TARGET];
  }
}

function pauseAll(processes: readonly Process[]): () => void {
  for (const process of processes) process.pause();
  return () => {
    for (const process of processes) process.resume();
  };
}
