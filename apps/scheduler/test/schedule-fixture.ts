import type { Schedule } from '@floe/schedule';
import { CompiledQuery } from 'kysely';
import { eventually } from '@floe/testing';
import { SchedulerFixture, aWorkflow } from './scheduler-fixture.ts';

export type SlotRow = {
  readonly schedule_id: string;
  readonly slot_at: number;
  readonly state: string;
  readonly reason: string;
  readonly run_id: string | null;
  readonly start_at: number;
  readonly tzdata_version: string;
};

// The longest that a test waits for: slots seconds ahead, and turns of catch-up.
const WITHIN = { withinMs: 25_000, everyMs: 50 };

/** A schedule in its normal form, every hour unless it says otherwise. */
export function aSchedule(name: string, changes: Partial<Schedule> = {}): Schedule {
  const timing = changes.cron === undefined ? { everyMs: 3_600_000 } : {};
  return {
    name,
    description: '',
    ...timing,
    timezone: 'UTC',
    overlap: 'skip',
    catchupMs: 0,
    jitterMs: 0,
    parameters: {},
    paused: false,
    ...changes,
  };
}

/** Every day at the second that comes so much later than now. */
export function dailyIn(ms: number): Partial<Schedule> & { readonly at: number } {
  const at = Math.ceil((Date.now() + ms) / 1_000) * 1_000;
  const time = new Date(at);
  const cron = `${time.getUTCSeconds()} ${time.getUTCMinutes()} ${time.getUTCHours()} * * *`;
  return { cron, dst: { gap: 'run_after', overlap: 'first' }, at };
}

/** What tests of schedules do with a fixture: the test plays metadata, people, and the passing of time. */
export class ScheduleFixture {
  readonly schedulers: SchedulerFixture;

  private constructor(schedulers: SchedulerFixture) {
    this.schedulers = schedulers;
  }

  static async start(workflows: readonly string[]): Promise<ScheduleFixture> {
    const fixture = new ScheduleFixture(await SchedulerFixture.start());
    for (const name of workflows)
      await fixture.schedulers.addWorkflow(aWorkflow(name, { only: [] }));
    return fixture;
  }

  /** Stores schedules as metadata does. */
  async define(workflow: string, schedules: readonly Schedule[]): Promise<void> {
    await this.asMetadata(
      `insert into schedule (schedule_id, workflow_name, name, definition, is_paused)
       select $1 || '.' || (d ->> 'name'), $1, d ->> 'name', d, (d ->> 'paused')::boolean
       from jsonb_array_elements($2::jsonb) as x(d)
       on conflict (schedule_id) do update set definition = excluded.definition,
         revision = schedule.revision + 1, changed_at = clock_timestamp()`,
      [workflow, JSON.stringify(schedules)],
    );
  }

  async setPaused(scheduleId: string, isPaused: boolean): Promise<void> {
    await this.asMetadata(
      `update schedule set is_paused = $2, revision = revision + 1, changed_at = clock_timestamp() where schedule_id = $1`,
      [scheduleId, isPaused],
    );
  }

  /** Moves what is known of the schedules of a workflow back in time: as if nobody had looked at them since. */
  async loseTime(workflow: string, ms: number): Promise<void> {
    await this.schedulers.query(
      `update schedule_state set cursor_at = clock_timestamp() - make_interval(secs => $2), look_at = clock_timestamp()
       where workflow_name = $1`,
      [workflow, ms / 1_000],
    );
  }

  slots(workflow: string): Promise<SlotRow[]> {
    return this.schedulers.query<SlotRow>(
      `select schedule_id, slot_at, state, reason, run_id, start_at, tzdata_version from schedule_slot
       where schedule_id like $1 || '.%' order by schedule_id, slot_at`,
      [workflow],
    );
  }

  /** The slots of a workflow, once they are as the test wants them. */
  slotsThat(
    workflow: string,
    isWanted: (slots: readonly SlotRow[]) => boolean,
  ): Promise<SlotRow[]> {
    return eventually(async () => {
      const slots = await this.slots(workflow);
      return isWanted(slots) ? slots : false;
    }, WITHIN);
  }

  async isFollowed(workflow: string): Promise<void> {
    await eventually(async () => {
      const [row] = await this.schedulers.query<{ count: number }>(
        `select count(*) from schedule d left join schedule_state s using (schedule_id)
         where d.workflow_name = $1 and s.revision is distinct from d.revision`,
        [workflow],
      );
      return row?.count === 0;
    }, WITHIN);
  }

  runs(
    workflow: string,
  ): Promise<{ run_id: string; state: string; parameters: unknown; trigger: string }[]> {
    return this.schedulers.query(
      `select run_id, state, parameters, trigger from run where workflow_name = $1 order by run_id`,
      [workflow],
    );
  }

  async asMetadata(text: string, values: readonly unknown[]): Promise<void> {
    await this.schedulers.database.db.executeQuery(CompiledQuery.raw(text, [...values]));
  }

  stop(): Promise<void> {
    return this.schedulers.stop();
  }
}
