/**
 * The lists of the replaced service take short ways: counts that were made before, and a walk in the order of the page. The bug
 * it hunts: a way that misses a run, sees one twice or counts one twice. Each answer is held against the view of all runs.
 */
import {
  openControlDatabase,
  openTarget,
  type ControlDatabase,
  type TargetSession,
} from '@floe/database';
import { ListLegacyRunsRequest } from '@floe/rpc/internal-contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listLegacyRuns } from '../src/store/legacy/list-runs.ts';
import { NodeCounts } from '../src/store/legacy/node-counts.ts';
import { SORT_COLUMNS } from '../src/store/legacy/page.ts';
import { startFixture, type Fixture } from './reporting-fixture.ts';

let fixture: Fixture;
let reader: ControlDatabase;
let nodeCounts: NodeCounts;
let owner: TargetSession;

const DAY_MS = 86_400_000;
const NOW = Date.now();
const FIRST = NOW - 9.5 * DAY_MS;

// Four workflows of Floe, two of them imported; a run in nine goes on, some have a job run, some a person.
const WORKFLOWS = `
  insert into floe.workflow (name, latest_version, task_count) select 'flow-' || n, 1, 1 from generate_series(0, 3) n`;
const IMPORTS = `
  insert into floe.legacy_workflow (workflow_id, workflow_name, job_name, folder_name, workspace_name, status, document,
    floe_workflow, checksum, mapping_version)
  select 'wf-' || n, 'Pipeline ' || n, 'Job ' || 3 - n, 'HR', 'People', 'Active', '{}', 'flow-' || n, '', 1
  from generate_series(0, 1) n`;
const OWN = `
  insert into floe.run (run_id, workflow_name, workflow_version, state, trigger, parameters, created_at, ended_at, deadline_at,
    trace_id, span_id, trace_flags, group_id, annotations)
  select (lpad(to_hex(ms), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
    'flow-' || n % 4, 1,
    case when n % 9 = 0 then 'running' when n % 7 = 0 then 'failed' when n % 31 = 0 then 'queued' else 'succeeded' end,
    case n % 3 when 0 then 'manual' else 'schedule' end, '{}', at,
    case when n % 9 <> 0 and (n % 7 = 0 or n % 31 <> 0) then at + n % 50 * interval '1 minute' end, at, '', '', 0,
    case when n % 5 = 0 then 'job-run-' || n / 20 when n % 11 = 0 then 'J-' || n / 50 end,
    case when n % 4 = 0 then jsonb_build_object('legacy/user_name', case n % 3 when 0 then 'Ada' else 'Bo' end) end
  from (select n, ms, to_timestamp(ms / 1000.0) as at
    from (select n, ($1::float8 + n * $2::float8)::bigint as ms from generate_series(1, 400) n) seed) timed`;
const OLD = `
  insert into floe.legacy_run (workflow_run_id, job_run_id, workflow_id, workflow_name, job_name, folder_name, workspace_name,
    run_status, run_by, start_timestamp, end_timestamp, source, checksum)
  select 'OLD-run-' || n, 'old-job-' || n / 3, 'wf-' || n % 3, 'Pipeline ' || n % 3, 'Job ' || n % 2, 'HR', 'People',
    case when n % 13 = 0 then 'Running' when n % 5 = 0 then 'Failed' else 'Completed' end,
    case n % 2 when 0 then 'Ada' else 'Charles' end, to_timestamp(($1::float8 + n * $2::float8) / 1000),
    case when n % 13 <> 0 then to_timestamp(($1::float8 + n * $2::float8) / 1000 + 60) end, 'jobRun', ''
  from generate_series(1, 300) n`;

beforeAll(async () => {
  fixture = await startFixture();
  const { host, port, user, password } = fixture.postgres;
  const database = new URL(fixture.databaseUrl).pathname.slice(1);
  const address = { host, port, user, password, database };
  owner = await openTarget(address, { applicationName: 'test', statementTimeoutMs: 60_000 });
  // It counts in the place of a scheduler, whose sessions say so themselves.
  await owner.query(`set timezone = 'UTC'`);
  const url = fixture.databaseUrl;
  reader = openControlDatabase({
    url,
    role: 'floe_reporting',
    applicationName: 'test',
    connectionsMax: 4,
  });
  nodeCounts = new NodeCounts(reader, Date.now);
  for (const statement of [WORKFLOWS, IMPORTS]) await owner.query(statement);
  await owner.query(OWN, [FIRST, (9.5 * DAY_MS) / 400]);
  await owner.query(OLD, [FIRST, (9 * DAY_MS) / 300]);
});

afterAll(async () => {
  await owner?.[Symbol.asyncDispose]();
  await reader?.close();
  await fixture?.stop();
});

/** What a list is, said as shortly as SQL can: every row of the view is looked at. */
const PLAIN = `
  select workflow_run_id, run_status in ('Started', 'Running') as is_active from floe.workflow_run_stats s
  where ($1 = '' or workflow_id = $1) and (cardinality($2::text[]) = 0 or run_status = any($2))
    and ($3::timestamptz is null or start_timestamp >= $3) and ($4::timestamptz is null or start_timestamp < $4)
    and ($5 = '' or position($5 in lower(concat_ws(chr(10), workflow_name, job_name, folder_name, workspace_name, workflow_id,
        floe_name, run_by))) > 0
      or lower(job_run_id) = $5 or lower(workflow_run_id) = $5
      or length($5) >= 8 and (starts_with(lower(job_run_id), $5) or starts_with(lower(workflow_run_id), $5)))`;
const VIEW = `
  (select v.*, case when v.floe_run_id is not null and v.workflow_id not like 'wf-%' then v.workflow_id end as floe_name
  from floe.workflow_run_stats v) s`;

async function expected(request: ListLegacyRunsRequest) {
  const way = request.isAscending ? 'asc' : 'desc';
  const { workflowId, statuses, search, limit, skip } = request;
  const rows = await owner.query<{ workflow_run_id: string; is_active: boolean }>(
    `${PLAIN.replace('floe.workflow_run_stats s', VIEW)}
     order by ${request.sortColumn || 'start_timestamp'} ${way} nulls last, start_timestamp ${way}, workflow_run_id ${way}`,
    [workflowId, statuses, request.fromTime, request.toTime, search.toLowerCase()],
  );
  const activeCount = rows.filter(({ is_active }) => is_active).length;
  const ids = rows.slice(skip, skip + limit).map(({ workflow_run_id }) => workflow_run_id);
  return { ids, activeCount, endedCount: rows.length - activeCount };
}

async function listed(request: ListLegacyRunsRequest, foundMax: number) {
  const { runs, ...counts } = await listLegacyRuns(
    { db: reader.db, nodeCounts },
    request,
    foundMax,
  );
  return { ids: runs.map(({ workflowRunId }) => workflowRunId), ...counts };
}

const SEARCHES = [
  'pipeline 1',
  'Job 2',
  'ADA',
  'flow-3',
  'job-run-7',
  'job-run-',
  'j-3',
  'old-job-3',
  'old-run-1',
  'schedule',
  'x',
];
const TIMES = [0.2, 2, 2.4, 2.6, 7.1, 9.49].map(
  (days) => new Date(Math.floor(FIRST + days * DAY_MS)),
);
const MIDNIGHT = new Date(Math.ceil((FIRST + 3 * DAY_MS) / DAY_MS) * DAY_MS);

// Divides by none of the numbers of choices below, so that every choice meets every other one.
const QUESTIONS = 37;

/** Questions through every order and filter: others for each stage. */
function* questions(stage: number): Generator<ListLegacyRunsRequest, void> {
  const at = <Value>(values: readonly Value[], nth: number) => values[nth % values.length]!;
  for (let nth = stage * QUESTIONS; nth < (stage + 1) * QUESTIONS; nth += 1) {
    const [from, to] = [at([...TIMES, MIDNIGHT], nth), at([...TIMES, MIDNIGHT], nth * 3 + 2)];
    yield ListLegacyRunsRequest.create({
      limit: at([7, 20, 500], nth),
      skip: at([0, 0, 5, 90], nth),
      sortColumn: at(SORT_COLUMNS, nth),
      isAscending: nth % 2 === 0,
      search: nth % 3 === 0 ? at(SEARCHES, nth / 3) : '',
      statuses: at([[], [], ['Failed'], ['Running', 'Started'], ['Completed']], nth),
      workflowId: at(['', '', '', 'wf-1', 'flow-2', 'wf-2'], nth),
      fromTime: at([undefined, from, undefined, from], nth + Math.floor(nth / 4)),
      toTime: at([undefined, undefined, to, to], nth + Math.floor(nth / 4)),
    });
  }
}

const describeOf = (request: ListLegacyRunsRequest) => JSON.stringify(request);

test.each([
  [0, 'nothing is counted', countNone],
  [1, 'half is', countHalf],
  [2, 'all is', countAll],
  [3, 'days were counted once more', countDaysAnew],
  [4, 'runs have ended since', endSome],
  [5, 'those are counted', countAll],
  [6, 'imported runs have changed', changeImported],
] as const)(
  'every list is that of all runs (%d: %s)',
  async (stage, _, prepare) => {
    await prepare();
    for (const [nth, request] of [...questions(stage)].entries()) {
      // Found and then sorted, or walked.
      const foundMax = nth % 2 === 0 ? 0 : 10_000;
      const [is, should] = await Promise.all([listed(request, foundMax), expected(request)]);
      expect(is, describeOf(request)).toEqual(should);
    }
  },
  60_000,
);

async function countNone(): Promise<void> {}

async function countHalf(): Promise<void> {
  await owner.query('select floe.count_runs(200)');
}

async function countAll(): Promise<void> {
  for (;;) {
    const rows = await owner.query<{ more: boolean }>('select floe.count_runs(100) as more');
    if (!rows.some(({ more }) => more)) return;
  }
}

/** A run whose transaction came late lies below the cursor and is in no count, until its day is counted anew. */
async function countDaysAnew(): Promise<void> {
  await owner.query(`update floe.run_count set runs = 0 where day = floe.day_of($1)`, [TIMES[1]]);
  await owner.query(`update floe.run_count_progress set next_day = floe.day_of($1)`, [TIMES[0]]);
  await countAll();
}

async function endSome(): Promise<void> {
  await owner.query(`
    update floe.run set state = 'cancelled', ended_at = clock_timestamp() where state = 'running' and right(run_id::text, 1) < '8'`);
}

async function changeImported(): Promise<void> {
  await owner.query(
    `update floe.legacy_run set run_status = 'Stopped', run_by = 'Dora' where workflow_run_id like '%7'`,
  );
  await owner.query(`delete from floe.legacy_run where workflow_run_id like '%3'`);
}
