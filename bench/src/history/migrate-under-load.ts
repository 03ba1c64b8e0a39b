import { setTimeout as delay } from 'node:timers/promises';
import { migrate, type TargetSession } from '@floe/database';

export type MigrationTimes = {
  readonly seconds: number;
  /** The longest that one transaction of the writer took meanwhile, and of the reader. */
  readonly writerMs: number;
  readonly readerMs: number;
  readonly writes: number;
};

// A scheduler commits about this often when it has something to do.
const WRITE_EVERY_MS = 5;

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

/** Migrates while somebody writes and somebody reads, and tells how long each of them had to wait. */
export async function migrateUnderLoad(
  url: string,
  sessions: { readonly writer: TargetSession; readonly reader: TargetSession },
): Promise<MigrationTimes> {
  const done = new AbortController();
  const writing = longestOf(done.signal, () => writeRun(sessions.writer));
  const reading = longestOf(done.signal, () =>
    sessions.reader.query('select * from floe.run order by run_id desc limit 50'),
  );
  const startedAt = performance.now();
  try {
    await migrate(url);
  } finally {
    done.abort();
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const [writer, reader] = await Promise.all([writing, reading]);
  return { seconds, writerMs: writer.ms, readerMs: reader.ms, writes: writer.count };
}

async function writeRun(session: TargetSession): Promise<void> {
  const [row] = await session.query<{ run_id: string }>(WRITE);
  for (const statement of END) await session.query(statement, [row!.run_id]);
}

async function longestOf(
  done: AbortSignal,
  work: () => Promise<unknown>,
): Promise<{ readonly ms: number; readonly count: number }> {
  let [ms, count] = [0, 0];
  for (; !done.aborted; count += 1) {
    const startedAt = performance.now();
    await work();
    ms = Math.max(ms, performance.now() - startedAt);
    await delay(WRITE_EVERY_MS);
  }
  return { ms, count };
}
