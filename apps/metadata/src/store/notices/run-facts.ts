import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';
import type { EndState } from '@floe/notification';

type Db = ControlDatabase['db'];

/** What a notice says of a run. */
export type RunRow = {
  readonly run_id: string;
  readonly workflow_name: string;
  readonly workflow_version: number;
  readonly state: string;
  readonly trigger: string;
  /** Its slot, or when it was asked for. */
  readonly due_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly failure: unknown;
  /** How the run of the workflow before it ended, of those that ended by themselves. */
  readonly before: EndState | null;
};

/** The runs, with what came before each; one that is gone already is left out. */
export async function readRunFacts(db: Db, runIds: readonly string[]): Promise<readonly RunRow[]> {
  if (runIds.length === 0) return [];
  const { rows } = await sql<RunRow>`/* metadata.read_run_facts */
    select r.run_id, r.workflow_name, r.workflow_version, r.state, r.trigger, r.started_at, r.ended_at, r.failure,
      coalesce((select s.slot_at from schedule_slot s where s.request_id = r.request_id), r.created_at) as due_at,
      (select p.state from run p
        where p.workflow_name = r.workflow_name and p.run_id < r.run_id
          and p.state in ('succeeded', 'failed', 'timed_out')
        order by p.run_id desc limit 1) as before
    from run r where r.run_id = any(${[...runIds]}::uuid[])`.execute(db);
  return rows;
}
