/** Metadata, which stores what documents say of schedules, and people who ask for backfills. */
import type { BackfillWish, ScheduleWish } from '../scenario/scenario.ts';
import type { BackfillRow, ScheduleRow } from '../postgres/schedule-tables.ts';
import { Session } from '../postgres/session.ts';
import { Process } from '../world/process.ts';
import type { World } from './world.ts';

const AGAIN_MS = 500;

export class ScheduleOwner {
  readonly #world: World;
  readonly #people: Process;
  #open = 0;

  constructor(
    world: World,
    {
      schedules,
      backfills,
    }: { schedules: readonly ScheduleWish[]; backfills: readonly BackfillWish[] },
  ) {
    this.#world = world;
    this.#people = new Process('people', world.time);
    for (const wish of schedules) this.#own(wish);
    for (const wish of backfills) this.#backfill(wish);
  }

  /** Everything that is asked for has been, and nothing of it waits. */
  get isDone(): boolean {
    const { slots, states, schedules, backfills } = this.#world.database.tables.schedules;
    return (
      this.#open === 0 &&
      [...schedules.values()].every(({ scheduleId, revision }) => {
        return states.get(scheduleId)?.revision === revision;
      }) &&
      [...slots.values()].every(({ state, isOpen }) => state !== 'pending' && !isOpen) &&
      [...backfills.values()].every(({ endedAt }) => endedAt !== undefined)
    );
  }

  #own({ scheduleId, workflow, definitions, pausedAt }: ScheduleWish): void {
    for (const { at, definition } of definitions)
      this.#at(at, async () => this.#say(scheduleId, { definition, workflowName: workflow.name }));
    this.#at(pausedAt, async () => this.#say(scheduleId, { isPaused: true }));
  }

  #say(scheduleId: string, change: Partial<ScheduleRow>): void {
    const { database, story } = this.#world;
    const { schedules } = database.tables.schedules;
    const before = schedules.get(scheduleId);
    story.tell(
      'metadata',
      `${scheduleId} ${change.isPaused === true ? 'is paused' : 'is defined'}`,
    );
    schedules.set(scheduleId, {
      ...(before ?? { scheduleId, isPaused: false }),
      ...change,
      revision: (before?.revision ?? 0) + 1,
      changedAt: database.now(),
    } as ScheduleRow);
  }

  #backfill(wish: BackfillWish): void {
    const { backfillId, cancelsAt, pausesAt, resumesAt } = wish;
    this.#at(wish.at, async () => this.#ask(wish));
    if (pausesAt !== undefined)
      this.#at(pausesAt, () => this.#change(backfillId, ['running'], 'paused'));
    if (resumesAt !== undefined)
      this.#at(resumesAt, () => this.#change(backfillId, ['paused'], 'running'));
    if (cancelsAt !== undefined)
      this.#at(cancelsAt, () => this.#change(backfillId, ['running', 'paused'], 'cancelling'));
  }

  #ask({ backfillId, scheduleId, workflowName, definition, ...wish }: BackfillWish): void {
    const { database, story } = this.#world;
    const { onlyMissing, maxActive } = wish;
    const toAt = database.now();
    const fromAt = toAt - wish.reachesBackMs;
    const said = { backfillId, scheduleId, workflowName, definition, onlyMissing, maxActive };
    const range = { fromAt, toAt, cursorAt: fromAt, createdAt: toAt };
    story.tell('somebody', `asks for ${backfillId} of ${scheduleId}`);
    database.tables.schedules.backfills.set(backfillId, { ...said, ...range, state: 'running' });
  }

  /** One statement: it waits for whoever looks at the backfill. */
  async #change(
    backfillId: string,
    from: readonly string[],
    state: BackfillRow['state'],
  ): Promise<void> {
    const { database, story, time, faults } = this.#world;
    const session = new Session({ server: database, process: this.#people, time, faults });
    try {
      await session.lockRow(`backfill ${backfillId}`);
      const row = session.schedules.backfills.get(backfillId)!;
      if (from.includes(row.state)) {
        story.tell('somebody', `${backfillId} is to be ${state}`);
        session.schedules.backfills.set(backfillId, { ...row, state });
        session.end();
      }
    } finally {
      session.abort();
    }
  }

  /** Until it is done: people try again when the database is away. */
  #at(ms: number, act: () => Promise<void>): void {
    this.#open += 1;
    this.#world.time.after(ms, () => void this.#persist(act));
  }

  async #persist(act: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await act();
        this.#open -= 1;
        return;
      } catch {
        await this.#people.work(AGAIN_MS);
      }
    }
  }
}
