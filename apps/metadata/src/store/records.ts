/**
 * What tasks record: numbers of their run, and facts about their workflow.
 *
 *   R1. Only an attempt that runs at the moment records; all that it says in a call, or nothing.
 *   R2. Of one name an older attempt, and of a workflow an older run, replaces nothing.
 *   R3. A task that says less than in an older run takes the rest of what it said back.
 */
import { sql, type Transaction } from 'kysely';
import type { ControlDatabase, FloeTables } from '@floe/database';

type Db = ControlDatabase['db'];
type Tx = Transaction<FloeTables>;

export type AttemptKey = {
  readonly runId: string;
  readonly taskId: string;
  readonly epoch: number;
};

export type MetricRow = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly type: string;
};

/** How many were stored; undefined when the attempt does not run (R1). */
export function putMetrics(
  db: Db,
  attempt: AttemptKey,
  metrics: readonly MetricRow[],
): Promise<number | undefined> {
  return db.transaction().execute(async (tx) => {
    if ((await workflowOf(tx, attempt)) === undefined) return undefined;
    const { runId: run_id, taskId: task_id, epoch } = attempt;
    const rows = metrics.map((metric) => ({ ...metric, run_id, task_id, epoch }));
    return rows.length === 0 ? 0 : insertMetrics(tx, rows);
  });
}

async function insertMetrics(
  tx: Tx,
  rows: readonly (MetricRow & {
    readonly run_id: string;
    readonly task_id: string;
    readonly epoch: number;
  })[],
): Promise<number> {
  const stored = await tx
    .insertInto('metric')
    .values([...rows])
    .onConflict((conflict) =>
      conflict
        .columns(['run_id', 'task_id', 'name'])
        .doUpdateSet((eb) => ({
          epoch: eb.ref('excluded.epoch'),
          value: eb.ref('excluded.value'),
          unit: eb.ref('excluded.unit'),
          type: eb.ref('excluded.type'),
          recorded_at: sql<Date>`clock_timestamp()`,
        }))
        // R2
        .whereRef('metric.epoch', '<=', 'excluded.epoch'),
    )
    .returning('name')
    .execute();
  return stored.length;
}

export type WorkflowMetadata = ReadonlyMap<string, unknown>;

/** How many were stored, and how many facts the workflow has then; undefined when the attempt does not run (R1). */
export function putWorkflowMetadata(
  db: Db,
  attempt: AttemptKey,
  { entries, countMax }: { readonly entries: WorkflowMetadata; readonly countMax: number },
): Promise<number | 'too many' | undefined> {
  const work = async (tx: Tx) => {
    const workflow = await workflowOf(tx, attempt);
    if (workflow === undefined) return undefined;
    await takeBack(tx, { workflow, attempt, kept: [...entries.keys()] });
    const stored = await insertEntries(tx, { workflow, attempt, entries });
    if ((await countEntries(tx, workflow)) > countMax) throw new TooMany();
    return stored;
  };
  return db
    .transaction()
    .execute(work)
    .catch((thrown: unknown) => {
      if (thrown instanceof TooMany) return 'too many';
      throw thrown;
    });
}

/** Undoes the transaction; it never leaves this file. */
class TooMany extends Error {}

/** The workflow of an attempt that runs. */
async function workflowOf(
  tx: Tx,
  { runId, taskId, epoch }: AttemptKey,
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('task_run as t')
    .innerJoin('attempt as a', (join) =>
      join.onRef('a.run_id', '=', 't.run_id').onRef('a.task_index', '=', 't.task_index'),
    )
    .innerJoin('run as r', 'r.run_id', 't.run_id')
    .select('r.workflow_name')
    .where('t.run_id', '=', runId)
    .where('t.task_id', '=', taskId)
    .where('a.epoch', '=', epoch)
    .where('a.state', '=', 'running')
    .executeTakeFirst();
  return row?.workflow_name;
}

type Said = { readonly workflow: string; readonly attempt: AttemptKey };

/** R3, in the order of the names: two runs of a workflow that record at once do not wait for each other in a circle. */
async function takeBack(
  tx: Tx,
  { workflow, attempt, kept }: Said & { readonly kept: readonly string[] },
): Promise<void> {
  await sql`
    delete from floe.workflow_metadata where workflow_name = ${workflow} and name in (
      select name from floe.workflow_metadata
      where workflow_name = ${workflow} and task_id = ${attempt.taskId} and name <> all(${[...kept]}::text[])
        and (run_id, epoch) <= (${attempt.runId}::uuid, ${attempt.epoch}::bigint)
      order by name for update)`.execute(tx);
}

async function insertEntries(
  tx: Tx,
  { workflow, attempt, entries }: Said & { readonly entries: WorkflowMetadata },
): Promise<number> {
  const { runId, taskId, epoch } = attempt;
  const { rows } = await sql`
    insert into floe.workflow_metadata (workflow_name, name, value, run_id, task_id, epoch)
    select ${workflow}, key, value, ${runId}::uuid, ${taskId}, ${epoch}::bigint
    from jsonb_each(${JSON.stringify(Object.fromEntries(entries))}::jsonb) order by key
    on conflict (workflow_name, name) do update set value = excluded.value, run_id = excluded.run_id,
      task_id = excluded.task_id, epoch = excluded.epoch, recorded_at = clock_timestamp()
    where (workflow_metadata.run_id, workflow_metadata.epoch) <= (excluded.run_id, excluded.epoch)
    returning name`.execute(tx);
  return rows.length;
}

async function countEntries(tx: Tx, workflow: string): Promise<number> {
  const { count } = await tx
    .selectFrom('workflow_metadata')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workflow_name', '=', workflow)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export type WorkflowMetadataRow = Awaited<ReturnType<typeof readWorkflowMetadata>>[number];

/** What was stored of a workflow, by name. */
export async function readWorkflowMetadata(db: Db, workflow: string, limit: number) {
  return db
    .selectFrom('workflow_metadata')
    .select(['name', 'value', 'run_id', 'task_id', 'recorded_at'])
    .where('workflow_name', '=', workflow)
    .orderBy('name')
    .limit(limit)
    .execute();
}
