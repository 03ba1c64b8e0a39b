import { prepareConnections } from './prepare-connections.ts';
import type { TestFloe } from './test-floe.ts';

const STATEMENTS = [
  'create table flights (date timestamp not null, delay int not null, distance int not null, origin text not null, destination text not null)',
  `insert into flights select timestamp '2001-01-01' + i * interval '3 hours', i % 120, 300 + i % 900, 'A' || i % 5, 'B' || i % 7
   from generate_series(1, 2000) as i`,
  'create table airports (iata text primary key, name text, city text, state text, country text, latitude float8, longitude float8)',
  `insert into airports select 'A' || i, 'airport ' || i, 'city ' || i, 'OS', 'NO', 59, 10 from generate_series(0, 4) as i`,
  'create schema analytics',
  `create table analytics.late_flights (origin text primary key, name text, city text, state text,
   late_flights bigint not null, mean_delay float8 not null, worst_delay int not null)`,
  `create table analytics.late_routes (origin text, destination text, late_flights bigint not null, mean_delay float8 not null,
   distance int not null, primary key (origin, destination))`,
  // Of examples/legacy/workflow.json.
  'create table employees (employee_id int, salary float8)',
  'insert into employees values (0, 99000), (1, 90000), (2, 60000)',
  'create table employees_high (id int, salary float8)',
  `create table workflow_run_stats (workflow_id text, workflow_name text, workflow_run_id text, job_run_id text,
   run_status text, start_timestamp timestamp, end_timestamp timestamp)`,
  `create table node_run_details (workflow_run_id text, node_id text, node_status text, source_rows bigint,
   target_rows bigint, node_type text)`,
  `insert into workflow_run_stats select 'wf-employees', 'Employee pipeline', 'old-' || i, 'job-' || i, 'Completed',
   timestamp '2024-01-01' + i * interval '1 hour', timestamp '2024-01-01 00:05' + i * interval '1 hour'
   from generate_series(1, 20) i`,
  `insert into node_run_details select 'old-' || i, 'n-' || n, 'Completed', i, i, 'target'
   from generate_series(1, 20) i, generate_series(1, 3) n`,
];

/** The connections and tables that the demo leaves behind, with two thousand flights for three million. */
export async function prepareDemoTables(floe: TestFloe): Promise<void> {
  await prepareConnections(floe);
  for (const statement of STATEMENTS) await floe.sql(statement);
}
