import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIGRATIONS_FOLDER, migrate, openTarget, type TargetSession } from '@floe/database';
import { startTestPostgres, type TestPostgres } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const RUNS = 2_000;
const TABLES = ['run', 'task_run', 'attempt', 'run_event_batch', 'artifact'];
// What the issue allows on ten million rows; here it holds for a machine that does other things as well.
const BLOCKED_MS_MAX = 1_000;

const WRITTEN = '00000000-0000-7000-8000-00000000000a';

let postgres: TestPostgres;
let url: string;
let session: TargetSession;

beforeAll(async () => {
  postgres = await startTestPostgres();
  url = await postgres.createDatabase('old');
  const folder = await mkdtemp(join(tmpdir(), 'floe-old-'));
  for (const name of await readdir(MIGRATIONS_FOLDER))
    if (name < '0050') await cp(join(MIGRATIONS_FOLDER, name), join(folder, name));
  await migrate(url, folder);
  await rm(folder, { recursive: true, force: true });
  session = await connect();
  await fill();
});

afterAll(async () => {
  await session?.[Symbol.asyncDispose]();
  await postgres?.stop();
});

function connect(): Promise<TargetSession> {
  const { host, port, user, password } = postgres;
  const address = { host, port, user, password, database: 'old' };
  return openTarget(address, { applicationName: 'test', statementTimeoutMs: 30_000 });
}

async function fill(): Promise<void> {
  await session.query(
    `insert into floe.run (run_id, workflow_name, workflow_version, state, trigger, parameters, created_at, ended_at, deadline_at,
       trace_id, span_id, trace_flags, request_id, request_digest)
     select ('0189' || substr(md5(n::text), 5))::uuid, 'w', 1, 'succeeded', 'manual', '{}', now(), now(), now(), '', '', 0, 'request-' || n, 'digest-' || n
     from generate_series(1, ${RUNS}) n`,
  );
  await session.query(
    `insert into floe.task_run (run_id, task_index, task_id, type, state, span_id)
     select run_id, t, 't' || t, 'noop', 'succeeded', '' from floe.run, generate_series(0, 9) t`,
  );
  await session.query(
    `insert into floe.attempt (run_id, task_index, epoch, number, state, ready_at, span_id)
     select run_id, task_index, 1, 1, 'succeeded', now(), '' from floe.task_run`,
  );
  await session.query(
    `insert into floe.run_event_batch (run_id, first_sequence, last_sequence, occurred_at, before, events)
     select run_id, 1, 1, now(), '{}', '[]' from floe.run`,
  );
  await session.query(
    `insert into floe.artifact (artifact_id, run_id, task_id, epoch, name, kind, title, media_type, content)
     select gen_random_uuid(), run_id, '', 1, 'a', 'markdown', 'a', 'text/markdown', 'a' from floe.run`,
  );
}

type Columns = { readonly name: string; readonly columns: string };

/** The columns that the tables have now: later migrations add some, which the rows of before say nothing of. */
function columnsNow(): Promise<readonly Columns[]> {
  return session.query<Columns>(
    `select relname::text as name, string_agg(quote_ident(attname), ', ' order by attname) as columns
     from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
     where relnamespace = 'floe'::regnamespace and relname = any($1) group by 1`,
    [TABLES],
  );
}

/** A sum over all rows of each table, but those of the run that is written meanwhile. */
function sumsOf(columns: readonly Columns[]): Promise<readonly object[]> {
  const sums = columns.map(
    ({ name, columns: own }) =>
      `(select md5(string_agg(x::text, '|' order by x::text))
        from (select ${own} from floe.${name} where run_id <> '${WRITTEN}') x) as ${name}`,
  );
  return session.query(`select ${sums.join(', ')}`);
}

test('a database with runs is divided while somebody writes: every row is as it was', async () => {
  const columns = await columnsNow();
  const before = await sumsOf(columns);
  expect(await migrateBesideWriter()).toBeLessThan(BLOCKED_MS_MAX);
  expect(await sumsOf(columns)).toEqual(before);
  const lost = await session.query(
    `select from floe.run r left join floe.run_request q using (request_id)
     where r.request_id is not null
       and (q.run_id is distinct from r.run_id or q.request_digest is distinct from r.request_digest)`,
  );
  expect(lost).toEqual([]);
});

/** Answers the longest time that one write took. */
async function migrateBesideWriter(): Promise<number> {
  await using writer = await connect();
  await writer.query(
    `insert into floe.run (run_id, workflow_name, workflow_version, state, trigger, parameters, created_at, deadline_at, trace_id,
       span_id, trace_flags)
     values ('${WRITTEN}', 'w', 1, 'running', 'manual', '{}', now(), now(), '', '', 0)`,
  );
  let isDone = false;
  const migrated = migrate(url).finally(() => (isDone = true));
  let longestMs = 0;
  while (!isDone) {
    const startedAt = performance.now();
    await writer.query(`update floe.run set revision = revision + 1 where run_id = '${WRITTEN}'`);
    longestMs = Math.max(longestMs, performance.now() - startedAt);
  }
  await migrated;
  return longestMs;
}
