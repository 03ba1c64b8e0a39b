import { setTimeout as delay } from 'node:timers/promises';
import { migrate, type TargetSession } from '@floe/database';

/** The longest that somebody had to wait. */
export type Wait = {
  readonly ms: number;
  /** When it was over, in milliseconds since 1970. */
  readonly endMs: number;
  /** How often it was tried. */
  readonly count: number;
};

export type MigrationTimes<Name extends string> = {
  readonly seconds: number;
  readonly waits: Readonly<Record<Name, Wait>>;
};

// A scheduler commits about this often when it has something to do.
const WORK_EVERY_MS = 5;

// What a scheduler does to its tables: a run comes, its task is claimed, it ends.
const WRITE = `/* bench.write */
  with started as (
    insert into floe.run (run_id, workflow_name, workflow_version, state, trigger, parameters, created_at, deadline_at,
      trace_id, span_id, trace_flags)
    values ((lpad(to_hex(floor(extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
      || left(replace(gen_random_uuid()::text, '-', ''), 19))::uuid, 'w0000', 1, 'running', 'manual', '{}',
      clock_timestamp(), clock_timestamp(), '', '', 0)
    returning run_id
  ), tasks as (
    insert into floe.task_run (run_id, task_index, task_id, type, state, span_id)
    select run_id, 0, 't0', 'noop', 'running', '' from started returning run_id
  )
  insert into floe.attempt (run_id, task_index, epoch, number, state, ready_at, span_id)
  select run_id, 0, 1, 1, 'running', clock_timestamp(), '' from tasks
  returning run_id`;

const END = [
  `update floe.attempt set state = 'succeeded' where run_id = $1`,
  `update floe.task_run set state = 'succeeded' where run_id = $1`,
  `update floe.run set state = 'succeeded', ended_at = clock_timestamp() where run_id = $1`,
];

export async function writeRun(session: TargetSession): Promise<void> {
  const [row] = await session.query<{ run_id: string }>(WRITE);
  for (const statement of END) await session.query(statement, [row!.run_id]);
}

export async function readRuns(session: TargetSession): Promise<void> {
  await session.query('select * from floe.run order by run_id desc limit 50');
}

/** What somebody does over and over: the argument counts the times. */
export type Work = (nth: number) => Promise<void>;

/** Migrates while others work, and tells how long each of them had to wait. */
export async function migrateUnderLoad<Name extends string>(
  url: string,
  works: Readonly<Record<Name, Work>>,
): Promise<MigrationTimes<Name>> {
  const done = new AbortController();
  const names = Object.keys(works) as Name[];
  const working = names.map(async (name) => [name, await longestOf(done.signal, works[name])]);
  const startedAt = performance.now();
  try {
    await migrate(url);
  } finally {
    done.abort();
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const waits = Object.fromEntries(await Promise.all(working)) as Record<Name, Wait>;
  return { seconds, waits };
}

async function longestOf(done: AbortSignal, work: Work): Promise<Wait> {
  let longest = { ms: 0, endMs: 0 };
  let count = 0;
  for (; !done.aborted; count += 1) {
    const startedAt = performance.now();
    await work(count);
    const ms = performance.now() - startedAt;
    if (ms > longest.ms) longest = { ms, endMs: Date.now() };
    await delay(WORK_EVERY_MS);
  }
  return { ...longest, count };
}

/** Which migration was being run at an instant, as the journal has it. */
export async function migrationAt(session: TargetSession, instantMs: number): Promise<string> {
  const [row] = await session.query<{ name: string }>(
    `select name from floe.migration where applied_at >= to_timestamp($1 / 1000.0) order by applied_at, name limit 1`,
    [instantMs],
  );
  return row?.name ?? 'what comes after the last migration';
}
