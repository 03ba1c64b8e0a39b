/**
 * Somebody who wants a run: asks until there is an answer, always with the same request id, and may pause, resume or
 * cancel it.
 */
import { isRunEnded, isTaskEnded } from '@floe/engine';
import type { RunRecord } from '@floe/scheduling';
import type { Act, RunWish } from '../scenario/scenario.ts';
import { Process } from '../world/process.ts';
import type { Dice } from '../world/dice.ts';
import { call } from './call.ts';
import { chooseRetry } from './choose-retry.ts';
import type { SchedulerActor } from './scheduler-actor.ts';
import type { World } from './world.ts';

const DEADLINE_MS = 5_000;
const AGAIN_MS = 400;

export class Client {
  readonly wish: RunWish;
  /** Run ids that it was told; more than one would be wrong. */
  readonly answers = new Set<string>();
  /** Runs that it was told do its run again. */
  readonly again = new Set<string>();
  /** Of approvals, those that were told to count. */
  readonly acceptedAnswers: (Act & { readonly type: 'answer' })[] = [];
  readonly #world: World;
  readonly #process: Process;
  readonly #schedulers: () => readonly SchedulerActor[];
  readonly #dice: Dice;
  #open = 0;

  constructor(world: World, wish: RunWish, schedulers: () => readonly SchedulerActor[]) {
    const name = wish.requestId.replace('request', 'client');
    this.wish = wish;
    this.#world = world;
    this.#process = new Process(name, world.time);
    this.#schedulers = schedulers;
    this.#dice = world.diceOf(name);
    this.#at(wish.at, () => this.#start());
    if (wish.isAskedTwice) this.#at(wish.at + this.#dice.int(0, 2_000), () => this.#start());
    for (const act of wish.acts) this.#at(act.at, () => this.#act(act));
    if (wish.retries !== undefined) this.#at(wish.at, () => this.#retryAll(wish.retries ?? 0));
  }

  /** True when it waits for no answer any more. */
  get isDone(): boolean {
    return this.#open === 0;
  }

  #at(ms: number, act: () => Promise<void>): void {
    this.#open += 1;
    this.#world.time.after(ms, () => void act().then(() => (this.#open -= 1)));
  }

  async #start(): Promise<void> {
    const { workflow, requestId } = this.wish;
    const { runId } = await this.#persist('start', (scheduler) =>
      scheduler.startRun(workflow, requestId),
    );
    this.answers.add(runId);
    this.#world.story.tell(this.#process.name, `has ${runId}`);
  }

  /** Runs again what it has, once that has ended, as long as there is anything to do again. */
  async #retryAll(times: number): Promise<void> {
    const dice = this.#world.diceOf(`${this.#process.name} retries`);
    while (this.answers.size === 0) await this.#pause();
    let [runId = ''] = this.answers;
    for (let time = 1; time <= times; time += 1) {
      const ended = await this.#endOf(runId);
      const retry = ended === undefined ? undefined : chooseRetry(ended, dice);
      if (ended === undefined || retry === undefined) return;
      const requestId = `${this.wish.requestId}.again-${time}`;
      const again = await this.#persist('retry', (scheduler) =>
        scheduler.retryRun(ended, retry, requestId),
      );
      runId = again.runId;
      this.again.add(runId);
      const what = JSON.stringify(retry);
      this.#world.story.tell(this.#process.name, `has ${runId}, which does ${what} again`);
    }
  }

  /** Undefined where it is not seen before everything is mended: what begins later would hardly end in time. */
  async #endOf(runId: string): Promise<RunRecord | undefined> {
    while (this.#world.time.now < this.#world.healAt) {
      const record = this.#world.database.tables.runs.get(runId);
      if (record !== undefined && isRunEnded(record.state.status)) return record;
      await this.#pause();
    }
    return undefined;
  }

  async #act(act: Act): Promise<void> {
    while (this.answers.size === 0) await this.#pause();
    const [runId = ''] = this.answers;
    if (act.type === 'answer' && !(await this.#isAsked(runId, act.taskId))) return;
    this.#world.story.tell(this.#process.name, `${act.type}s ${runId}`);
    const result = await this.#persist(act.type, (scheduler) => scheduler.act(runId, act));
    if (act.type === 'answer' && result.kind === 'changed') this.acceptedAnswers.push(act);
  }

  /** A person answers once there is a question; false when there is none any more. */
  async #isAsked(runId: string, taskId: string): Promise<boolean> {
    for (;;) {
      const record = this.#world.database.tables.runs.get(runId);
      const task = record?.plan.taskIndexes.get(taskId);
      const status = task === undefined ? undefined : record?.state.tasks[task]?.status;
      if (status === 'running') return true;
      if (status !== undefined && isTaskEnded(status)) return false;
      await this.#pause();
    }
  }

  async #persist<Answer>(
    what: string,
    serve: (scheduler: SchedulerActor) => Promise<Answer>,
  ): Promise<Answer> {
    for (;;) {
      const scheduler = this.#dice.pick(this.#schedulers());
      const request = { what, deadlineMs: DEADLINE_MS, serve: () => serve(scheduler) };
      try {
        return await call(this.#world, this.#process, scheduler, request);
      } catch {
        // No answer, or one that says to come again.
      }
      await this.#pause();
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#process.after(AGAIN_MS, resolve));
  }
}
