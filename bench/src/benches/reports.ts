import { openTarget, type TargetSession } from '@floe/database';
import { createRpcClient, type RpcClient } from '@floe/rpc';
import { ReportingService } from '@floe/rpc/contracts';
import { LegacyService } from '@floe/rpc/internal-contracts';
import type { Bench, BenchOptions, Figures } from '../bench.ts';
import type { BenchFloe } from '../floe/bench-floe.ts';
import { createPeerDatabase } from '../floe/control-database.ts';
import { databaseAddress } from '../floe/database-address.ts';
import { RunClock } from '../floe/run-clock.ts';
import { assertSameSize, keepHistory, readKeptHistory } from '../history/kept-history.ts';
import { migrateUnderLoad, readRuns, writeRun } from '../history/migrate-under-load.ts';
import { migrateToOld } from '../history/old-database.ts';
import {
  countHistory,
  seedHistory,
  seedImportedRuns,
  seedMetrics,
  type HistorySize,
} from '../history/seed-history.ts';
import { swapDatabase } from '../history/swap-database.ts';
import { oldQuestionsOf } from '../history/time-old-lists.ts';
import { questionsOf, type Question } from '../history/time-queries.ts';
import { timeRetention } from '../history/time-retention.ts';
import { median, percentile, rounded } from '../statistics.ts';

const TASK_RUNS = 10_000_000;
const TASKS_PER_RUN = 10;
const WORKFLOWS = 200;
const DAYS = 30;
// p99 is then the fourth worst, and the second; forty questions in turn take a minute or two.
const QUESTIONS = 300;
const QUESTIONS_QUICK = 100;
const WARM_UPS = 20;
const INGEST_TASKS = 10_000;
const INGEST_ROUNDS = 3;

const INGEST_DOCUMENT = [
  'name: bench-ingest',
  'tasks:',
  ...Array.from({ length: INGEST_TASKS }, (_, index) => `  t${index + 1}: { type: noop }`),
  '',
].join('\n');

/** An old control database full of runs: migrated under load, then asked for reports, and written to on top. */
export const reports: Bench = {
  summary: `queries at ${TASK_RUNS.toLocaleString('en')} task runs, and retention, ingest and migration of them`,
  rows: TASK_RUNS,
  async run(floe, options) {
    const taskRuns = options.rows ?? TASK_RUNS;
    const runs = Math.round(taskRuns / TASKS_PER_RUN);
    const { size, migration } = await historyOf(floe, runs, options);
    const figures = {
      task_runs: taskRuns,
      runs,
      ...migration,
      ...(await askAll(floe, size, options)),
      ...(await ingest(floe, options)),
      ...(await retain(floe, size, options)),
    };
    return { figures, peers: {}, ratios: {} };
  },
};

/** The history that lies in a kept folder, or one that is filled in now. */
async function historyOf(
  floe: BenchFloe,
  runs: number,
  options: BenchOptions,
): Promise<{ readonly size: HistorySize; readonly migration: Figures }> {
  const kept = await readKeptHistory(floe);
  if (kept !== undefined) {
    assertSameSize(kept, runs);
    return { size: kept, migration: {} };
  }
  const shape = { tasks: TASKS_PER_RUN, workflows: WORKFLOWS, days: DAYS };
  const size = { runs, ...shape, endMs: Date.now() };
  const migration = await migrateOld(floe, size, options);
  await keepHistory(floe, size);
  return { size, migration };
}

async function openDatabase(floe: BenchFloe, database: string): Promise<TargetSession> {
  const address = await databaseAddress(floe.endpoints);
  return openTarget({ ...address, database }, { applicationName: 'bench', statementTimeoutMs: 0 });
}

async function migrateOld(
  floe: BenchFloe,
  size: HistorySize,
  { say }: BenchOptions,
): Promise<Figures> {
  const url = await createPeerDatabase(floe.endpoints, 'bench_old');
  await migrateToOld(url);
  await using writer = await openDatabase(floe, 'bench_old');
  await seedHistory(writer, size, say);
  await writer.query(`select set_config('session_replication_role', 'origin', false)`);
  await writer.query('checkpoint');
  await using reader = await openDatabase(floe, 'bench_old');
  say('migrating it, while somebody writes');
  const { seconds, waits } = await migrateUnderLoad(url, {
    writer: () => writeRun(writer),
    reader: () => readRuns(reader),
  });
  await using admin = await openDatabase(floe, 'postgres');
  say('importing as many runs of the replaced service, and counting all');
  await seedMetrics(writer, size);
  await seedImportedRuns(writer, size);
  await countHistory(writer);
  await swapDatabase(admin, { from: 'bench_old', to: floe.endpoints.postgres.controlDatabase });
  return {
    migration_s: rounded(seconds),
    migration_writer_blocked_ms: rounded(waits.writer.ms),
    migration_reader_blocked_ms: rounded(waits.reader.ms),
    migration_writes: waits.writer.count,
  };
}

async function askAll(floe: BenchFloe, size: HistorySize, options: BenchOptions): Promise<Figures> {
  await using open = new AsyncDisposableStack();
  const clientOf = <Service extends typeof ReportingService | typeof LegacyService>(
    service: Service,
  ): RpcClient<Service> => {
    const addresses = [floe.endpoints.reporting];
    const client = createRpcClient(service, { addresses, name: 'reporting' });
    open.defer(() => client.close());
    return client;
  };
  const questions = await questionsOf(clientOf(ReportingService), size);
  const oldQuestions = await oldQuestionsOf(clientOf(LegacyService), size);
  const times = await timeAll([...questions, ...oldQuestions], options);
  const figures = [...times].flatMap(([name, all]) => [
    [`${name}_p50_ms`, rounded(percentile(all, 50))],
    [`${name}_p99_ms`, rounded(percentile(all, 99))],
  ]);
  const worstOf = (of: readonly Question[]) =>
    rounded(Math.max(...of.map(({ name }) => percentile(times.get(name)!, 99))));
  const worst = { p99_ms: worstOf(questions), old_p99_ms: worstOf(oldQuestions) };
  return { ...worst, ...Object.fromEntries(figures) };
}

/** In turns, so that none of them has the caches for itself. */
async function timeAll(
  questions: readonly Question[],
  { isQuick, signal }: BenchOptions,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const times = new Map<string, number[]>(questions.map(({ name }) => [name, []]));
  const count = isQuick ? QUESTIONS_QUICK : QUESTIONS;
  for (let nth = -WARM_UPS; nth < count; nth += 1) {
    signal.throwIfAborted();
    for (const question of questions) {
      const ms = await timeOf(question, nth + WARM_UPS);
      if (nth >= 0) times.get(question.name)!.push(ms);
    }
  }
  return times;
}

async function timeOf(question: Question, nth: number): Promise<number> {
  const startedAt = performance.now();
  await question.ask(nth);
  return performance.now() - startedAt;
}

/** The engine on top of all that history. */
async function ingest(floe: BenchFloe, { say, signal }: BenchOptions): Promise<Figures> {
  await floe.client.applyWorkflow(INGEST_DOCUMENT);
  using clock = new RunClock(floe.endpoints, signal);
  const times: number[] = [];
  for (let round = 0; round <= INGEST_ROUNDS; round += 1) {
    const { recordedMs } = await clock.time('bench-ingest');
    say(`${INGEST_TASKS.toLocaleString('en')} tasks in ${rounded(recordedMs)} ms`);
    if (round > 0) times.push(recordedMs);
  }
  return { ingest_tasks_per_second: Math.round((INGEST_TASKS * 1_000) / median(times)) };
}

async function retain(floe: BenchFloe, size: HistorySize, { say }: BenchOptions): Promise<Figures> {
  const url = await createPeerDatabase(floe.endpoints, 'bench_day');
  await using admin = await openDatabase(floe, 'postgres');
  await using open = new AsyncDisposableStack();
  // It is gone before a kept folder is measured again.
  open.defer(async () => void (await admin.query('drop database bench_day with (force)')));
  const session = open.use(await openDatabase(floe, 'bench_day'));
  const runs = Math.round(size.runs / size.days);
  const { dropMs, forgetMs } = await timeRetention(url, session, { ...size, runs }, say);
  return { retention_day_ms: rounded(dropMs), retention_requests_ms: rounded(forgetMs) };
}
