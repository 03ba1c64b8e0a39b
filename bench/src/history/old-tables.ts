/** The tables of the replaced service as installations have them, full of runs; and what their readers ask. */
import type { TargetSession } from '@floe/database';

const TABLES = `
  create table workflow_run_stats (
    id bigserial primary key, workspace_id varchar(64), workspace_name varchar(64), folder_id varchar(64),
    folder_name text, job_id varchar(64), job_name text, workflow_id varchar(64) not null, workflow_name text,
    job_run_id varchar(64), workflow_run_id varchar(64) not null, run_status varchar(20) not null, run_by_id text,
    run_by text, start_timestamp timestamp, end_timestamp timestamp, user_photourl text, updated_by text);
  create table node_run_details (
    node_id text, node_name text, connector_type text, node_type text, workspace_id text, folder_id text, job_id text,
    workflow_id text, job_run_id text, workflow_run_id text, node_start_timestamp timestamptz,
    node_end_timestamp timestamptz, node_status text, source_rows bigint, target_rows bigint, output_storage_path text,
    total_run_time_sec numeric(12, 3), error_message text, parent_storage_size bigint)`;

const RUNS = `
  insert into workflow_run_stats (workspace_id, workspace_name, folder_id, folder_name, job_id, job_name, workflow_id,
    workflow_name, job_run_id, workflow_run_id, run_status, run_by_id, run_by, start_timestamp, end_timestamp)
  select 'ws-1', 'People', 'f-' || n % 10, 'Folder ' || n % 10, 'j-' || n % 50, 'Job ' || n % 50, 'wf-' || n % 200,
    'Flow ' || n % 200, 'jr-' || n / 2, 'wr-' || n, case when n % 97 = 0 then 'Failed' else 'Completed' end, 'u-1', 'ada',
    timestamp '2025-01-01' + n * interval '20 seconds', timestamp '2025-01-01' + n * interval '20 seconds' + interval '9 seconds'
  from generate_series(1, $1::int) n`;

const NODES = `
  insert into node_run_details (node_id, node_name, connector_type, node_type, workspace_id, folder_id, job_id,
    workflow_id, job_run_id, workflow_run_id, node_start_timestamp, node_end_timestamp, node_status, source_rows,
    target_rows, total_run_time_sec, parent_storage_size)
  select 'n-' || node, 'Node ' || node, 'postgresql', 'source', 'ws-1', 'f-' || n % 10, 'j-' || n % 50, 'wf-' || n % 200,
    'jr-' || n / 2, 'wr-' || n, timestamptz '2025-01-01Z' + n * interval '20 seconds',
    timestamptz '2025-01-01Z' + n * interval '20 seconds' + interval '1 second', 'Completed', n % 1000, n % 1000, 1.5, 4096
  from generate_series(1, $1::int) n, generate_series(1, $2::int) node`;

export type OldSize = { readonly runs: number; readonly nodes: number };

/** `nodes` rows of node_run_details for each run. */
export async function seedOldTables(session: TargetSession, size: OldSize): Promise<void> {
  await session.query('set search_path = public');
  await session.query(TABLES);
  await session.query(RUNS, [size.runs]);
  await session.query(NODES, [size.runs, size.nodes]);
  await session.query('vacuum (analyze) workflow_run_stats');
  await session.query('vacuum (analyze) node_run_details');
}

// Of the rows that were there before: who writes meanwhile writes runs that are called otherwise.
const QUESTIONS = [
  `select run_status, count(*) from workflow_run_stats where workflow_run_id like 'wr-%' group by 1 order by 1`,
  `select workflow_run_id, run_status, start_timestamp, end_timestamp from workflow_run_stats
   where workflow_run_id like 'wr-%' order by start_timestamp desc limit 20 offset 40`,
  `select job_run_id, min(start_timestamp), max(end_timestamp) from workflow_run_stats where job_run_id = 'jr-77' group by 1`,
  `select * from node_run_details where workflow_run_id = 'wr-1234' order by node_id`,
  `select s.workflow_name, sum(n.target_rows), count(*) filter (where n.node_status = 'Completed')
   from workflow_run_stats s join node_run_details n using (workflow_run_id)
   where s.workflow_run_id like 'wr-%' group by 1 order by 1`,
  `select md5(string_agg(workflow_run_id || run_status, ',' order by id)) from workflow_run_stats
   where workflow_run_id like 'wr-%'`,
];

export type OldAnswers = { readonly texts: readonly string[]; readonly ms: number };

/** What readers ask, without the columns that Floe adds: they name theirs or take what they know. */
export async function askOldTables(session: TargetSession, columns: string): Promise<OldAnswers> {
  const startedAt = performance.now();
  const texts: string[] = [];
  for (const question of QUESTIONS) {
    const rows = await session.query(question.replace('select *', `select ${columns}`));
    texts.push(JSON.stringify(rows));
  }
  return { texts, ms: performance.now() - startedAt };
}

/** The columns of the table of nodes as it stands. */
export async function nodeColumns(session: TargetSession): Promise<string> {
  const [row] = await session.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
     where attrelid = 'public.node_run_details'::regclass and attnum > 0`,
  );
  return row!.columns;
}

/** What the replaced service writes for a run: its start, a node, its end. */
export async function writeOldRun(session: TargetSession, nth: number): Promise<void> {
  const id = [`live-${nth}`];
  await session.query(
    `insert into workflow_run_stats (workflow_id, workflow_run_id, run_status, start_timestamp)
     values ('live', $1, 'Running', now())`,
    id,
  );
  const added = await session.query<{ id: string }>(
    `insert into node_run_details (node_id, workflow_id, workflow_run_id, node_status) values ('n-1', 'live', $1, 'Completed')
     returning (select max(id) from workflow_run_stats) as id`,
    id,
  );
  await session.query(`update workflow_run_stats set run_status = 'Completed' where id = $1`, [
    added[0]!.id,
  ]);
}
