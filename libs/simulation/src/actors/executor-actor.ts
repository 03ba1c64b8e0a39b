/**
 * An executor: the production code of `libs/execution` over modelled ports.
 */
import {
  Execution,
  type Clock,
  type ExchangeRequest,
  type HintSource,
  type OfferCall,
  type OfferWait,
  type Scheduler,
} from '@floe/execution';
import { FloeError } from '@floe/errors';
import type { StopNote } from '@floe/scheduling';
import type { ExecutorSpec } from '../scenario/scenario.ts';
import { Process } from '../world/process.ts';
import { call } from './call.ts';
import { logFor } from './log.ts';
import type { SchedulerActor } from './scheduler-actor.ts';
import { hashOf } from './scheduler-messages.ts';
import type { SimulatedTask } from './simulated-task.ts';
import { SimulatedWorker } from './simulated-worker.ts';
import type { World } from './world.ts';

// A drained executor hands back what has not ended by then.
const DRAIN_MS = 2_000;

export type ExecutorOptions = {
  readonly name: string;
  /** Another one each time it starts: what an earlier life held is not its own. */
  readonly id: string;
  readonly spec: ExecutorSpec;
  readonly schedulers: () => readonly SchedulerActor[];
};

export class ExecutorActor {
  readonly name: string;
  readonly id: string;
  readonly process: Process;
  readonly worker: SimulatedWorker;
  readonly #world: World;
  readonly #options: ExecutorOptions;
  readonly #execution: Execution<SimulatedTask>;
  #scheduler = 0;
  #tokens = 0;

  constructor(world: World, options: ExecutorOptions) {
    const { time, seams, hints, story } = world;
    const { name, id, spec } = options;
    this.#world = world;
    this.#options = options;
    this.name = name;
    this.id = id;
    const process = new Process(name, time);
    this.process = process;
    world.asked.noteStart(id, time.now);
    process.onPause(() => world.asked.noteTrouble(id));
    process.onDeath(() => world.asked.noteTrouble(id));
    const who = { name };
    this.worker = new SimulatedWorker(world, process, spec);
    const scheduler = this.#schedulerPort();
    const dice = world.diceOf(name);
    const hintSource: HintSource = {
      next: (lane, signal) => hints.next(process, `default ${lane}`, signal),
    };
    const clock: Clock = {
      nowMs: () => time.now,
      after: (ms, callback) => process.after(ms, callback),
      soon: (callback) => void process.after(0, callback),
    };
    this.#execution = new Execution<SimulatedTask>({
      scheduler: seams.scheduler?.(scheduler, who) ?? scheduler,
      hints: seams.hints?.(hintSource, who) ?? hintSource,
      worker: seams.worker?.(this.worker, who) ?? this.worker,
      clock: seams.clock?.(clock, who) ?? clock,
      random: () => dice.next(),
      newToken: () => this.#newToken(),
      log: logFor(story, name),
    });
    this.#execution.start();
  }

  hearStop({ runId, taskId, epoch }: StopNote): void {
    this.process.deliver(() => this.#execution.cancel({ runId, taskId, epoch }));
  }

  /** As on SIGTERM: takes nothing new, finishes or hands back, and is gone. */
  drain(): void {
    this.process.deliver(() => {
      void this.#execution.stop(DRAIN_MS).then(() => this.process.kill());
    });
  }

  #newToken(): string {
    this.#tokens += 1;
    return `${this.id} ${this.#tokens}`;
  }

  #schedulerPort(): Scheduler<SimulatedTask> {
    return {
      exchange: (request, deadlineMs) => this.#exchange(request, deadlineMs),
      offer: (request, wait) => this.#offer(request, wait),
      renew: (renewals, deadlineMs) =>
        this.#call('renew', deadlineMs, (scheduler) => scheduler.renew(renewals)),
    };
  }

  async #exchange(request: ExchangeRequest, deadlineMs: number) {
    const { time, waitsUntil } = this.#world;
    const tokenHash = hashOf(request.token);
    if (request.repeated) this.#world.asked.note(tokenHash);
    if (request.answerBy !== undefined) waitsUntil.set(tokenHash, time.now + deadlineMs);
    const serve = (scheduler: SchedulerActor) => scheduler.exchange(this.id, request);
    const answer = await this.#call('exchange', deadlineMs, serve);
    this.#world.asked.note(tokenHash);
    return answer;
  }

  /** Is recalled from the scheduler that has it. */
  #offer(request: ExchangeRequest, { waitMs, deadlineMs }: OfferWait): OfferCall<SimulatedTask> {
    const { time, waitsUntil } = this.#world;
    waitsUntil.set(hashOf(request.token), time.now + deadlineMs);
    const schedulers = this.#options.schedulers();
    const scheduler = schedulers[this.#scheduler % schedulers.length]!;
    const offer = () => scheduler.offer(this.id, request, waitMs);
    const recall = async () => scheduler.recallOffer(this.id, request.token);
    const ask = <Answer>(what: string, serve: () => Promise<Answer>) =>
      call(this.#world, this.process, scheduler, { what, deadlineMs, serve });
    return {
      answer: ask('offer', offer).then((answer) => {
        this.#world.asked.note(hashOf(request.token));
        return answer;
      }),
      recall: () => void ask('recall', recall).catch(() => undefined),
    };
  }

  /** Stays with a scheduler while it answers, and goes to the next when it does not. */
  async #call<Answer>(
    what: string,
    deadlineMs: number,
    serve: (scheduler: SchedulerActor) => Promise<Answer>,
  ): Promise<Answer> {
    const schedulers = this.#options.schedulers();
    const asked = this.#scheduler;
    const scheduler = schedulers[asked % schedulers.length]!;
    try {
      const request = { what, deadlineMs, serve: () => serve(scheduler) };
      return await call(this.#world, this.process, scheduler, request);
    } catch (error) {
      // Two calls that fail together are one reason to go.
      if (error instanceof FloeError && error.isRetryable) this.#scheduler = asked + 1;
      throw error;
    }
  }
}
