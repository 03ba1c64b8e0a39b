// Hunts an installation that breaks when Floe moves in: old readers that get other answers, writers that have to wait, rows
// that come twice or not at all.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { migrate, openTarget } from '@floe/database';
import { readEnvironment, type Service } from '@floe/service';
import { eventually, startTestPostgres, type TestPostgres } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMetadata } from '../src/service.ts';

// The tables as installations have them: with types and orders of columns of their own.
const OLD_TABLES = `
  create table workflow_run_stats (
    id serial primary key, workspace_id varchar(64), workspace_name varchar(20), folder_id varchar(64),
    folder_name text, job_id varchar(64), job_name text, workflow_id varchar(64) not null, workflow_name text,
    job_run_id varchar(64), workflow_run_id varchar(64) not null, run_status varchar(10) not null, run_by_id text,
    run_by text, start_timestamp timestamp, end_timestamp timestamp, user_photourl text, updated_by text);
  create table node_run_details (
    node_id text, node_name text, connector_type text, node_type text, workspace_id text, folder_id text, job_id text,
    workflow_id text, job_run_id text, workflow_run_id text, node_start_timestamp timestamp with time zone,
    node_end_timestamp timestamp with time zone, node_status text, source_rows numeric, target_rows integer,
    output_storage_path text, total_run_time_sec numeric(12, 3), error_message text, parent_storage_size text);
  insert into workflow_run_stats (workspace_id, workspace_name, workflow_id, workflow_name, job_run_id, workflow_run_id,
    run_status, run_by, start_timestamp, end_timestamp)
  select 'ws-1', 'People', 'wf-' || i % 7, 'Flow ' || i % 7, 'jr-' || i / 2, 'wr-' || i,
    case when i % 5 = 0 then 'Failed' else 'Completed' end, 'ada', timestamp '2025-01-01' + i * interval '1 minute',
    timestamp '2025-01-01' + i * interval '1 minute' + interval '30 seconds'
  from generate_series(1, 20000) i;
  insert into node_run_details (node_id, node_type, workflow_id, workflow_run_id, node_status, source_rows, target_rows)
  select 'n-' || n, 'source', 'wf-' || i % 7, 'wr-' || i, 'Completed', i, i
  from generate_series(1, 20000) i, generate_series(1, 2) n;
  create table workflow_nodes (whatever integer);
  insert into workflow_nodes values (7);
  analyze;
`;

const OLD_QUERIES = [
  `select run_status, count(*) from workflow_run_stats where workflow_run_id like 'wr-%' group by 1 order by 1`,
  `select workflow_run_id, run_status, start_timestamp, end_timestamp from workflow_run_stats
   where workflow_run_id like 'wr-%' order by start_timestamp desc limit 20 offset 40`,
  `select job_run_id, min(start_timestamp), max(end_timestamp) from workflow_run_stats
   where job_run_id = 'jr-77' group by 1`,
  `select s.workflow_name, sum(n.target_rows), count(*) filter (where n.node_status = 'Completed')
   from workflow_run_stats s join node_run_details n using (workflow_run_id)
   where s.workflow_run_id like 'wr-%' group by 1 order by 1`,
  `select * from workflow_nodes`,
];

const WRITER_WAIT_MAX_MS = 1_000;

let postgres: TestPostgres;
let url: string;
let client: Session;
const services: Service[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres();
  url = await postgres.createDatabase('installation');
  client = await connect();
  await client.query(OLD_TABLES);
});

afterAll(async () => {
  await Promise.allSettled(services.map((service) => service.stop()));
  await client?.end();
  await postgres?.stop();
});

type Session = {
  query<Row>(text: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly Row[] }>;
  end(): Promise<void>;
};

/** As an old reader: it has never heard of schema floe, which the user of these tests would look into first. */
async function connect(database = 'installation'): Promise<Session> {
  const options = { applicationName: 'test', statementTimeoutMs: 30_000 };
  const session = await openTarget({ ...postgres, database }, options);
  await session.query(`set search_path = public; set timezone = 'UTC'`);
  return {
    query: async <Row>(text: string, values: readonly unknown[] = []) => {
      const rows: unknown = await session.query(text, values);
      return { rows: rows as readonly Row[] };
    },
    end: () => session[Symbol.asyncDispose](),
  };
}

async function answers(reader: Session): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const query of OLD_QUERIES) all.push((await reader.query(query)).rows);
  return all;
}

async function startOne(): Promise<Service> {
  const service = await startMetadata(
    readEnvironment({
      FLOE_DATABASE_URL: url,
      FLOE_METADATA_LISTEN: '127.0.0.1:0',
      FLOE_LOG_LEVEL: 'silent',
    }),
  );
  services.push(service);
  return service;
}

test('old queries have the same answers before, during and after, and no writer waits', async () => {
  const before = await answers(client);
  const [reader, writer, holder] = [await connect(), await connect(), await connect()];
  // Somebody reads in a long transaction: whoever alters the table behind it must not make others wait.
  await holder.query('begin; select count(*) from workflow_run_stats');
  let isMigrating = true;
  const waits: number[] = [];
  const write = async () => {
    for (let index = 0; isMigrating; index += 1) {
      const at = performance.now();
      await writer.query(
        `insert into workflow_run_stats (workflow_id, workflow_run_id, run_status, start_timestamp)
         values ('live', $1, 'Running', now())`,
        [`live-${index}`],
      );
      waits.push(performance.now() - at);
      await delay(5);
    }
  };
  const read = async () => {
    while (isMigrating) {
      expect(await answers(reader)).toEqual(before);
      await delay(20);
    }
  };
  const released = delay(1_500).then(() => holder.query('commit'));
  const migrated = migrate(url).finally(() => {
    isMigrating = false;
  });
  await Promise.all([migrated, write(), read(), released]);
  expect(await answers(client)).toEqual(before);
  expect(waits.length).toBeGreaterThan(50);
  expect(Math.max(...waits)).toBeLessThan(WRITER_WAIT_MAX_MS);
  const { rows } = await client.query(
    `select name, kind from floe.old_table where name in ('workflow_run_stats', 'workflow_nodes', 'workflow_hierarchy')
     order by name`,
  );
  expect(rows).toEqual([
    { name: 'workflow_hierarchy', kind: 'view' },
    { name: 'workflow_nodes', kind: 'foreign' },
    { name: 'workflow_run_stats', kind: 'table' },
  ]);
  await Promise.all([reader.end(), writer.end(), holder.end()]);
});

test('adds the columns once, without values, and repeats itself without a change', async () => {
  const columns = () =>
    client.query<{ column_default: string | null }>(
      `select column_name, column_default from information_schema.columns
       where table_schema = 'public' and table_name in ('workflow_run_stats', 'node_run_details')
         and (column_name like 'prefect%' or column_name in ('flow_run_tags', 'flow_parameters', 'retry_count',
           'max_retries', 'task_retry_count', 'task_run_tags', 'data_processing_engine', 'memory_usage_mb',
           'cpu_usage_percent', 'cache_hit')) order by 1`,
    );
  const first = (await columns()).rows;
  expect(first).toHaveLength(16);
  expect(first.every((row) => row.column_default === null)).toBe(true);
  expect((await migrate(url)).applied).toEqual([]);
  expect((await columns()).rows).toEqual(first);
});

// What is there when the tables are adopted is written too.
const RUN = '0199a000-0000-7000-8000-000000000001';

/** A UUIDv7 of now, as schedulers make them: the order of ids is that of time. */
function newRunId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

async function storeRun(runId: string, groupId = 'job-1'): Promise<void> {
  await client.query(
    `insert into floe.run (run_id, workflow_name, workflow_version, state, trigger, parameters, created_at, deadline_at,
       trace_id, span_id, trace_flags, group_id, annotations)
     values ($1, 'own-flow', 1, 'queued', 'manual', '{}', '2026-01-31T06:00:00Z', '2036-01-31T06:00:00Z', 't', 's', 1, $2,
       '{"legacy/user_name": "Ada"}')`,
    [runId, groupId],
  );
  await client.query(
    `insert into floe.task_run (run_id, task_index, task_id, type, state, span_id)
     values ($1, 0, 'load', 'postgres_load', 'ready', 's')`,
    [runId],
  );
}

async function end(runId: string, state: string): Promise<void> {
  await client.query(
    `update floe.task_run set state = $2, started_at = '2026-01-31T06:00:01Z', ended_at = '2026-01-31T06:00:03.5Z',
       rows = 12, bytes = 34 where run_id = $1`,
    [runId, state],
  );
  await client.query(
    `update floe.run set state = $2, ended_at = '2026-01-31T06:00:04Z', revision = revision + 1 where run_id = $1`,
    [runId, state],
  );
}

async function statusOf(runId: string): Promise<string[]> {
  const { rows } = await client.query<{ run_status: string }>(
    `select run_status from workflow_run_stats where workflow_run_id = $1`,
    [runId],
  );
  return rows.map(({ run_status }) => run_status);
}

const SOON = { withinMs: 15_000, everyMs: 50 };
const isNow = (runId: string, status: string) =>
  eventually(async () => (await statusOf(runId)).join() === status, SOON);

test('new runs appear in the old tables, and change there', async () => {
  await storeRun(RUN);
  await startOne();
  await isNow(RUN, 'Started');
  await end(RUN, 'succeeded');
  await isNow(RUN, 'Completed');
  const { rows } = await client.query(
    `select s.workflow_id, s.job_run_id, s.run_by, s.start_timestamp::text, s.end_timestamp::text, s.prefect_flow_run_id,
       n.node_status, n.target_rows, n.total_run_time_sec::text, n.node_id, n.cache_hit
     from workflow_run_stats s join node_run_details n using (workflow_run_id) where workflow_run_id = $1`,
    [RUN],
  );
  expect(rows).toEqual([
    {
      workflow_id: 'own-flow',
      job_run_id: 'job-1',
      run_by: 'Ada',
      start_timestamp: '2026-01-31 06:00:00',
      end_timestamp: '2026-01-31 06:00:04',
      prefect_flow_run_id: RUN,
      node_status: 'Completed',
      target_rows: 12,
      total_run_time_sec: '2.500',
      node_id: 'load',
      cache_hit: false,
    },
  ]);
});

test('two writers write each row once, and one that takes over goes on where the other stopped', async () => {
  const ids = Array.from({ length: 500 }, newRunId);
  await startOne();
  for (const id of ids) await storeRun(id, 'many');
  await services.shift()!.stop();
  for (const id of ids.slice(0, 250)) await end(id, 'failed');
  await startOne();
  const counts = async () => {
    const { rows } = await client.query<{ run_status: string; count: number }>(
      `select run_status, count(*)::int from workflow_run_stats where job_run_id = 'many' group by 1 order by 1`,
    );
    return rows;
  };
  await eventually(
    async () => (await counts())[0]?.count === 250 && (await counts())[1]?.count === 250,
    SOON,
  );
  expect(await counts()).toEqual([
    { run_status: 'Failed', count: 250 },
    { run_status: 'Started', count: 250 },
  ]);
  const { rows } = await client.query(
    `select count(*)::int as all, count(distinct (workflow_run_id, node_id))::int as different from node_run_details
     where job_run_id = 'many'`,
  );
  expect(rows).toEqual([{ all: 500, different: 500 }]);
});

test('a run that a table does not take is noted with the reason, and holds up no other', async () => {
  await client.query(
    `alter table workflow_run_stats add constraint no_bad_jobs check (job_run_id <> 'bad') not valid`,
  );
  const [bad, good] = [newRunId(), newRunId()];
  await storeRun(bad, 'bad');
  await storeRun(good, 'good');
  await isNow(good, 'Started');
  const problem = async () => {
    const { rows } = await client.query<{ problem: string | null }>(
      'select problem from floe.old_table_run where run_id = $1',
      [bad],
    );
    return rows[0]?.problem ?? '';
  };
  await eventually(async () => (await problem()).includes('no_bad_jobs'), SOON);
  await client.query('alter table workflow_run_stats drop constraint no_bad_jobs');
  await end(bad, 'cancelled');
  await isNow(bad, 'Stopped');
  expect(await problem()).toBe('');
});

test('where nothing stood, every old name is a view, also in a schema of its own', async () => {
  const fresh = await postgres.createDatabase('fresh');
  const admin = await connect('fresh');
  await admin.query(
    `create schema "Old Names"; alter database fresh set floe.legacy_schema = 'Old Names'`,
  );
  await migrate(fresh);
  const { rows } = await admin.query(
    `select count(*)::int as count from pg_views where schemaname = 'Old Names'`,
  );
  expect(rows).toEqual([{ count: 10 }]);
  const { rows: graph } = await admin.query(
    `select * from "Old Names".get_workflow_dependency_graph('nobody')`,
  );
  expect(graph).toEqual([]);
  await admin.end();
});
