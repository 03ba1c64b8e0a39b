import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { FloeError } from '@floe/errors';
import type { Bench, BenchOptions, Figures } from '../bench.ts';
import type { BenchFloe } from '../floe/bench-floe.ts';
import { openControl } from '../floe/control-database.ts';
import { CONNECTION, nameBenchDatabase } from '../floe/line-items.ts';
import { startSilentServer } from '../floe/silent-server.ts';
import { percentile, rounded } from '../statistics.ts';

const RUNS = 50;
const RUNS_QUICK = 5;
// A look every so often; what is measured is what Floe recorded.
const LOOK_EVERY_MS = 20;
// Far above what is promised: a run that hangs ends the bench.
const LOOK_WITHIN_MS = 30_000;

const statementDocument = `
name: bench-cancel-statement
tasks:
  waits: { type: postgres_sql, connection: ${CONNECTION}, statements: [select pg_sleep(600)] }
`;

const requestDocument = (origin: string) => `
name: bench-cancel-request
tasks:
  waits: { type: http, url: "${origin}", request_timeout: 10m }
`;

/** From the request to cancel a run to the end of the attempt that waits in it, one run at a time. */
export const cancel: Bench = {
  summary: 'from cancelling a run to the end of its statement, or of its request',
  async run(floe, options) {
    await using server = await startSilentServer();
    await nameBenchDatabase(floe);
    await floe.client.applyWorkflow(statementDocument);
    await floe.client.applyWorkflow(requestDocument(server.origin));
    const statement = await cancelled(floe, 'statement', options);
    const request = await cancelled(floe, 'request', options);
    return { figures: { ...statement, ...request }, peers: {}, ratios: {} };
  },
};

async function cancelled(
  floe: BenchFloe,
  kind: 'statement' | 'request',
  { isQuick, say, signal }: BenchOptions,
): Promise<Figures> {
  const runs = isQuick ? RUNS_QUICK : RUNS;
  const runIds: string[] = [];
  for (let index = 0; index < runs; index += 1) {
    signal.throwIfAborted();
    const requestId = randomUUID();
    const workflowName = `bench-cancel-${kind}`;
    const { run } = await floe.client.startRun({ workflowName, requestId });
    await until(async () => {
      const { taskRuns } = await floe.client.listTaskRuns(run.runId);
      return taskRuns[0]?.state === 'TASK_STATE_RUNNING';
    });
    await floe.client.cancelRun(run.runId);
    await until(async () => (await floe.client.getRun(run.runId)).state === 'RUN_STATE_CANCELLED');
    runIds.push(run.runId);
  }
  const times = await recordedTimes(floe, runIds);
  say(`${runs} runs with a ${kind} cancelled`);
  return {
    [`${kind}_p50_ms`]: rounded(percentile(times, 50)),
    [`${kind}_max_ms`]: rounded(percentile(times, 100)),
    [`${kind}_runs`]: times.length,
  };
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LOOK_WITHIN_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new FloeError('INTERNAL', 'a run stands still');
    await delay(LOOK_EVERY_MS);
  }
}

/** By the clock of the control database, from the request to the accepted outcome. */
async function recordedTimes(
  { endpoints }: BenchFloe,
  runIds: readonly string[],
): Promise<readonly number[]> {
  await using session = await openControl(endpoints);
  const rows = await session.query<{ ms: string }>(
    `select extract(epoch from a.ended_at - r.cancel_requested_at) * 1000 as ms
     from floe.attempt a join floe.run r on r.run_id = a.run_id
     where a.run_id = any($1::uuid[]) and a.state = 'cancelled'`,
    [runIds],
  );
  if (rows.length !== runIds.length)
    throw new FloeError('INTERNAL', `of ${runIds.length} attempts ${rows.length} were cancelled`);
  return rows.map(({ ms }) => Number(ms));
}
