import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LogLine } from '@floe/bus';
import { openDatasetStore } from '@floe/datasets';
import type { Lease, WorkListener } from '@floe/execution';
import { AttemptLease } from '@floe/rpc/internal-contracts';
import { createLogger } from '@floe/telemetry';
import { eventually } from '@floe/testing';
import type { AttemptDependencies } from '../src/attempt/attempt-dependencies.ts';
import { ArtifactKeeper } from '../src/attempt/artifact-keeper.ts';
import { ConnectionResolver } from '../src/attempt/connection-resolver.ts';
import { Recorder } from '../src/attempt/recorder.ts';
import { LogShipper } from '../src/attempt/log-shipper.ts';
import { toLease } from '../src/scheduler/to-lease.ts';
import { openMemoryGroups } from '../src/slots/memory-groups.ts';
import { SlotWork } from '../src/slots/slot-work.ts';
import { WorkerProcess } from '../src/slots/worker-process.ts';
import { openFixture } from './executor-fixture.ts';
import type { Fixture } from './executor-fixture.ts';
import { isAlive } from './executor-process.ts';

const WITHIN = { withinMs: 15_000 };
const MIB = 1024 * 1024;
const ENTRY = fileURLToPath(new URL('./unruly-worker.ts', import.meta.url));
const RUN_ID = '00000000-0000-4000-8000-000000000001';
const log = createLogger('test', { level: 'silent' });

let fixture: Fixture;
let logs: LogShipper;
let deps: AttemptDependencies;

beforeAll(async () => {
  fixture = await openFixture();
  logs = new LogShipper(fixture.bus, log);
  const away = () => Promise.reject(new Error('nobody is asked in this test'));
  deps = {
    executorId: 'test',
    pool: 'default',
    connections: new ConnectionResolver({ resolveConnection: away }),
    logs,
    artifacts: new ArtifactKeeper({ putArtifacts: away }, log),
    recorder: new Recorder({ recordMetrics: away, recordWorkflowMetadata: away }),
    datasets: openDatasetStore({
      store: 'directory',
      folder: fixture.datasetDir,
      bus: fixture.bus,
      now: Date.now,
    }),
    datasetDir: fixture.datasetDir,
    httpHosts: [],
    memoryLimitBytes: 1024 * MIB,
    makesSpans: false,
    log,
  };
});

afterAll(async () => {
  await logs.stop();
  await fixture[Symbol.asyncDispose]();
});

type Asked = Readonly<Record<string, unknown>> & { readonly memoryLimitBytes?: bigint };

function aLease(asked: Asked, taskId: string): Lease<AttemptLease> {
  const { memoryLimitBytes = 0n, ...mischief } = asked;
  const configJson = JSON.stringify(mischief);
  const limits = { timeoutMs: 60_000n, memoryLimitBytes, progressTimeoutMs: 0n };
  const task = { type: 'unruly', configJson, parametersJson: '{}', inputs: [], items: [] };
  const lease = { runId: RUN_ID, taskId, epoch: 1n, attemptNumber: 1 };
  return toLease(AttemptLease.create({ ...lease, task: { ...task, ...limits } }));
}

const unheard: WorkListener = { onProgress() {}, onMemoryExceeded() {}, onEnd() {} };

async function logOf(taskId: string): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const batch of fixture.bus.readLogs({ runId: RUN_ID, taskId, follow: false })) {
    lines.push(...batch.lines);
  }
  return lines;
}

test('a flood of output costs lines, which are counted, and neither memory nor the attempt', async () => {
  const bytes = 48 * MIB;
  const worker = await WorkerProcess.start({ environment: process.env, entry: ENTRY });
  const work = new SlotWork(deps, aLease({ flood_bytes: bytes }, 'flood'), unheard);
  const before = process.memoryUsage().rss;
  let delayMs = 0;
  let lastMs = performance.now();
  const pulse = setInterval(() => {
    delayMs = Math.max(delayMs, performance.now() - lastMs);
    lastMs = performance.now();
  }, 10);
  const end = await work.execute(worker);
  clearInterval(pulse);
  expect(end).toMatchObject({ kind: 'succeeded', result: { bytes } });
  // A heartbeat of 1.2 s has room among the lines.
  expect(delayMs).toBeLessThan(500);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * MIB);
  worker.kill();
  await worker.exited;
  work.conclude({ kind: 'handed_back', reason: 'the test is over' });
  await eventually(async () => (await logOf('flood')).at(-1)?.message.includes('over'), WITHIN);
  const messages = (await logOf('flood')).map((line) => line.message);
  expect(messages.join('').length).toBeLessThan(16 * MIB);
  const leftOut = messages.flatMap(
    (text) => /^(\d+) log lines were left out/.exec(text)?.[1] ?? [],
  );
  const total = leftOut.reduce((sum, count) => sum + Number(count), 0);
  expect(total).toBeGreaterThan((bytes / 256) * 0.5);
});

test('a worker that ignores SIGTERM goes with everything that it started', async () => {
  const worker = await WorkerProcess.start({ environment: process.env, entry: ENTRY });
  let childPid = 0;
  const listener = { ...unheard, onProgress: ({ rows }: { rows: number }) => (childPid = rows) };
  const work = new SlotWork(deps, aLease({ ignore_sigterm: true }, 'stubborn'), listener);
  const ended = work.execute(worker);
  await eventually(() => childPid > 0, WITHIN);
  process.kill(worker.pid, 'SIGTERM');
  process.kill(childPid, 'SIGTERM');
  expect([worker.pid, childPid].map(isAlive)).toEqual([true, true]);
  work.stop({ kind: 'cancelled' });
  expect(await ended).toMatchObject({ kind: 'died', failure: { code: 'WORKER_CRASHED' } });
  await eventually(() => !isAlive(worker.pid) && !isAlive(childPid), WITHIN);
});

test.runIf(openMemoryGroups() !== undefined)(
  'a task that the kernel ends in its group has used too much, in words',
  async () => {
    const environment = process.env;
    const memoryGroups = openMemoryGroups();
    const worker = await WorkerProcess.start({ environment, entry: ENTRY, memoryGroups });
    const uses: { usedBytes: number; limitBytes: number }[] = [];
    const listener = { ...unheard, onMemoryExceeded: (use: (typeof uses)[0]) => uses.push(use) };
    const limited = { grab_bytes: 2_000 * MIB, memoryLimitBytes: BigInt(100 * MIB) };
    const work = new SlotWork(deps, aLease(limited, 'greedy'), listener);
    expect(await work.execute(worker)).toMatchObject({ kind: 'failed' });
    worker.release();
    expect(uses[0]?.limitBytes).toBe(100 * MIB);
    expect(uses[0]?.usedBytes).toBeGreaterThan(100 * MIB);
  },
);

test.runIf(openMemoryGroups() !== undefined)(
  'a task whose worker the kernel ends for want of memory on the machine is told so',
  async () => {
    const worker = await WorkerProcess.start({ environment: process.env, entry: ENTRY });
    // The worker does not know of the bound, as it would not of a machine that is full.
    const group = openMemoryGroups()?.create(worker.pid);
    group?.limit(100 * MIB);
    const work = new SlotWork(deps, aLease({ grab_bytes: 500 * MIB }, 'unlucky'), unheard);
    expect(await work.execute(worker)).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'MEMORY_EXCEEDED',
        message: expect.stringMatching(/kernel ended the worker of task "unlucky".* used \d+ MiB$/),
      },
    });
    group?.remove();
  },
);

test('a death without the kernel in it is a crash', async () => {
  const worker = await WorkerProcess.start({ environment: process.env, entry: ENTRY });
  const work = new SlotWork(deps, aLease({ ignore_sigterm: true }, 'killed'), unheard);
  const ended = work.execute(worker);
  process.kill(worker.pid, 'SIGKILL');
  expect(await ended).toMatchObject({ kind: 'died', failure: { code: 'WORKER_CRASHED' } });
});

test('a worker that dies over a preview costs the preview, and is known to be dead', async () => {
  const worker = await WorkerProcess.start({ environment: process.env, entry: ENTRY });
  const dataset = { taskId: 'deadly', datasetJson: '{}', maskedColumns: [] };
  expect(await worker.show(dataset)).toBeUndefined();
  expect(await worker.exited).toMatchObject({ signal: 'SIGABRT' });
  expect(worker.isAlive).toBe(false);
});
