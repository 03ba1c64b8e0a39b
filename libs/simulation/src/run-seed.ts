/**
 * One seed: a world, everything that happens in it, and the verdict.
 *
 *   1. Until `healAt` things go wrong, and what must hold at every instant is checked at every commit.
 *   2. Then everything is mended, and within a bounded time every run has ended and nothing is left over.
 */
import { isRunEnded } from '@floe/engine';
import { AskedAgain } from './actors/asked-again.ts';
import type { Seams } from './actors/seams.ts';
import { CLOCK_JUMP_MS, System } from './actors/system.ts';
import type { World } from './actors/world.ts';
import type { Checker, Fail } from './checkers/checker.ts';
import type { Exchanged } from './checkers/exchanged.ts';
import { makeCheckers } from './checkers/index.ts';
import { FaultGate } from './faults/fault-gate.ts';
import { HintStream } from './nats/hint-stream.ts';
import { ControlServer } from './postgres/control-server.ts';
import { drawBreadth } from './scenario/draw-breadth.ts';
import { drawKnown } from './scenario/draw-known.ts';
import { drawPartitions } from './scenario/draw-partitions.ts';
import { drawProgress } from './scenario/draw-progress.ts';
import { drawRetries } from './scenario/draw-retries.ts';
import { drawScenario, isCalm } from './scenario/draw-scenario.ts';
import { drawSilence } from './scenario/draw-silence.ts';
import { drawSchedules } from './scenario/draw-schedules.ts';
import { drawStages } from './scenario/draw-stages.ts';
import type { Scenario } from './scenario/scenario.ts';
import { Datasets } from './target/datasets.ts';
import { Snapshots } from './target/snapshots.ts';
import { TargetDatabase } from './target/target-database.ts';
import { diceFor, type Dice } from './world/dice.ts';
import { Network } from './world/network.ts';
import { Story, type StoryLine } from './world/story.ts';
import { catchingStrays } from './world/strays.ts';
import { VirtualTime } from './world/virtual-time.ts';

// The longest timeouts of a drawn run, its retries, and the bounds of everything that it may wait for.
const LIVENESS_MS = 400_000;
// How often it is looked at whether all is done.
const LOOK_MS = 500;
// Twice a lease: by then nobody may work for a run that has ended.
const LINGER_MS = 12_000;
// Longer than anything in a world takes, and small enough to count on exactly.
const ALWAYS_MS = 2 ** 40;
// A world has some thousand, and none of those that were seen had a tenth of this.
const HAPPENINGS_MAX = 500_000;
// The first few say what is wrong.
const VIOLATIONS_MAX = 5;

export type Violation = {
  readonly checker: string;
  readonly promise: string;
  readonly message: string;
  readonly at: number;
};

export type SeedOptions = {
  readonly seams?: Seams;
  readonly keepsStory?: boolean;
  /** Strikes that are left out, by name. */
  readonly spared?: ReadonlySet<string>;
};

export type SeedResult = {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly violations: readonly Violation[];
  /** Names of the faults that struck, in order. */
  readonly strikes: readonly string[];
  readonly story: readonly StoryLine[];
  /** Of the story; only when it was kept. */
  readonly digest: string | undefined;
  readonly happenings: number;
  readonly virtualMs: number;
};

export async function runSeed(seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  const drawn = drawPartitions(drawBreadth(drawSilence(drawScenario(seed))));
  const scenario = drawRetries(drawSchedules(drawKnown(drawStages(drawProgress(drawn)))));
  const world = makeWorld(scenario, options);
  const trial = new Trial(world, scenario);
  await catchingStrays(
    () => trial.run(),
    (error) => trial.fail('no-crash', error.message),
  );
  const { story, time, faults } = world;
  return {
    seed,
    scenario,
    violations: trial.violations,
    strikes: faults.strikes,
    story: story.lines,
    digest: story.isKept ? story.digest() : undefined,
    happenings: time.count,
    virtualMs: time.now,
  };
}

function makeWorld(scenario: Scenario, options: SeedOptions): World & { readonly hear: Hearer } {
  const { seams = {}, keepsStory = false, spared = new Set() } = options;
  const time = new VirtualTime();
  const story = new Story(time, keepsStory);
  const known = new Map<string, Dice>();
  const diceOf = (purpose: string): Dice => {
    let dice = known.get(purpose);
    if (dice === undefined) known.set(purpose, (dice = diceFor(scenario.seed, purpose)));
    return dice;
  };
  const faults = new FaultGate({ rates: scenario.rates, diceOf, story, spared });
  const network = new Network(time);
  const hear: Hearer = { exchanged: () => {} };
  const server = { time, faults, network };
  return {
    time,
    story,
    faults,
    network,
    database: new ControlServer({
      ...server,
      dice: diceOf('database'),
      locksRows: seams.locksRows ?? true,
      checksSlots: seams.checksSlots ?? true,
    }),
    hints: new HintStream({ ...server, dice: diceOf('nats') }),
    target: new TargetDatabase(),
    longShare: scenario.longShare,
    workEnds: new Map(),
    itemsDone: new Map(),
    asked: new AskedAgain(),
    stalled: new Set(),
    snapshots: new Snapshots(),
    datasets: new Datasets(),
    library: new Map(scenario.library.map((workflow) => [workflow.name, workflow])),
    hasSchedules: scenario.schedules.length > 0,
    waitsUntil: new Map(),
    retriesAsked: new Map(),
    healAt: scenario.healAt,
    hear,
    onExchanged: (exchanged) => hear.exchanged(exchanged),
    seams,
    diceOf,
  };
}

/** Set by the trial, which comes into being after the world that it listens to. */
type Hearer = { exchanged: (exchanged: Exchanged) => void };

/** A checker, and what it calls when a promise is broken. */
type Judge = { readonly checker: Checker; readonly fail: Fail };

class Trial {
  readonly violations: Violation[] = [];
  readonly #world: World & { readonly hear: Hearer };
  readonly #scenario: Scenario;
  readonly #system: System;
  readonly #judges: readonly Judge[];
  readonly #isCalm: boolean;
  #mendedAt: number | undefined;
  #wholeSince: number | undefined;
  #endedAt: number | undefined;
  #isHealed = false;
  #isOver = false;

  constructor(world: World & { readonly hear: Hearer }, scenario: Scenario) {
    this.#world = world;
    this.#scenario = scenario;
    this.#isCalm = isCalm(scenario);
    this.#system = new System(world, scenario);
    const checkers = makeCheckers({
      scenario,
      tables: world.database.tables,
      effects: world.target.effects,
      clients: this.#system.clients,
      published: this.#system.subscribers.events,
      workEnds: world.workEnds,
      itemsDone: world.itemsDone,
      asked: world.asked,
      stalled: world.stalled,
      snapshots: world.snapshots,
      datasets: world.datasets,
      waitsUntil: world.waitsUntil,
      retriesAsked: world.retriesAsked,
      hasClockJumped: () => this.#hasClockJumped(),
      now: () => world.database.now(),
      worldNow: () => world.time.now,
      wholeForMs: () => this.#msSince(this.#wholeSince),
      mendedForMs: () => this.#msSince(this.#mendedAt),
      runningWork: () => this.#system.runningWork(),
    });
    this.#judges = checkers.map((checker) => {
      return { checker, fail: (message) => this.fail(checker.name, message) };
    });
    this.#listen();
  }

  async run(): Promise<void> {
    const { time } = this.#world;
    time.after(this.#scenario.healAt, () => this.#heal());
    time.after(LOOK_MS, () => this.#look());
    const crash = (error: unknown) => this.fail('no-crash', String(error));
    await time.run(() => this.#isOver || this.#isEndless(), crash);
  }

  /** What waits for itself within one instant would never end. */
  #isEndless(): boolean {
    const { time } = this.#world;
    if (time.count > HAPPENINGS_MAX) this.fail('no-crash', `nothing ends at ${time.now} ms`);
    return time.count > HAPPENINGS_MAX;
  }

  fail(checker: string, message: string): void {
    const judge = this.#judges.find((each) => each.checker.name === checker);
    const { promise } = judge?.checker ?? NO_CRASH;
    if (this.violations.length < VIOLATIONS_MAX)
      this.violations.push({ checker, promise, message, at: this.#world.time.now });
    this.#world.story.tell(`✗ ${checker}`, message);
    this.#isOver = true;
  }

  #msSince(since: number | undefined): number {
    if (this.#isCalm) return ALWAYS_MS + this.#world.time.now;
    return since === undefined ? -1 : this.#world.time.now - since;
  }

  #listen(): void {
    const { database, target, story, hear } = this.#world;
    const onCommit = this.#judges.filter(({ checker }) => checker.onCommit !== undefined);
    const onExchanged = this.#judges.filter(({ checker }) => checker.onExchanged !== undefined);
    database.onCommit((commit) => {
      tellCommit(story, commit);
      for (const { checker, fail } of onCommit) checker.onCommit?.(commit, fail);
    });
    database.onSchedules((commit) => {
      for (const { checker, fail } of this.#judges) checker.onSchedules?.(commit, fail);
    });
    hear.exchanged = (exchanged) => {
      for (const { checker, fail } of onExchanged) checker.onExchanged?.(exchanged, fail);
    };
    target.onEffect((effect) => {
      story.tell(
        'target',
        `load ${effect.runId}/${effect.taskId} takes effect by epoch ${effect.epoch}`,
      );
      for (const { checker, fail } of this.#judges) checker.onEffect?.(effect, fail);
    });
  }

  #heal(): void {
    this.#world.story.tell('world', 'everything is mended');
    const { time } = this.#world;
    this.#mendedAt = time.now;
    this.#wholeSince = time.now + (this.#hasClockJumped() ? 2 * CLOCK_JUMP_MS : 0);
    this.#system.heal();
    this.#isHealed = true;
  }

  #hasClockJumped(): boolean {
    return this.#world.faults.strikes.some((name) => name.startsWith('database-clock-jump'));
  }

  #look(): void {
    const { time } = this.#world;
    for (const { checker, fail } of this.#judges) checker.onLook?.(fail);
    const isLate = time.now > this.#scenario.healAt + LIVENESS_MS;
    if (this.#isHealed && (isLate || this.#isSettled())) return this.#end();
    time.after(LOOK_MS, () => this.#look());
  }

  /** Nothing is left to do; work that nobody waits for gets a little longer to end. */
  #isSettled(): boolean {
    const { tables } = this.#world.database;
    const { time } = this.#world;
    if (tables.outbox.size > 0 || !this.#system.clients.every(({ isDone }) => isDone)) return false;
    for (const { state } of tables.runs.values()) if (!isRunEnded(state.status)) return false;
    if (!this.#system.schedules.isDone) return false;
    this.#endedAt ??= time.now;
    return this.#system.runningWork().length === 0 || time.now - this.#endedAt > LINGER_MS;
  }

  #end(): void {
    for (const { checker, fail } of this.#judges) checker.atEnd?.(fail);
    this.#isOver = true;
  }
}

const NO_CRASH = { promise: 'no error of the code itself' };

function tellCommit(
  story: Story,
  { batch }: Parameters<NonNullable<Checker['onCommit']>>[0],
): void {
  if (!story.isKept) return;
  for (const { runId, firstSequence, events } of batch.events) {
    events.forEach((event, index) => {
      const about = 'facts' in event ? `${runId}/${event.task} epoch ${event.facts.epoch}` : runId;
      story.tell('database', `#${firstSequence + index} ${event.type} ${about}`);
    });
  }
}
