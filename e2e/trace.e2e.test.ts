/**
 * Hunts broken traces: a run is one trace over HTTP, gRPC, NATS, worker process and SQL, in which every parent is there,
 * by both protocols of OTLP, and also when an executor is killed on the way.
 */
import { eventually, startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '@floe/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awaitRunEnd, awaitTaskState } from './support/await-run.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { pidOf } from './support/processes.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

// Spans leave in batches, every second; a scheduler may have to try the spans of a run a second time.
const SPANS_WITHIN_MS = 15_000;
const RUN_WITHIN_MS = 60_000;

const DOCUMENT = `name: traced
defaults: { retries: { max: 3, delay: 200ms, backoff: 1 } }
params:
  pause: { type: float, default: 0 }
tasks:
  rows:
    type: postgres_extract
    connection: source
    query: |
      with pause as materialized (select pg_sleep(\${{ params.pause }})::text as slept)
      select i as id from generate_series(1, 1000) as i cross join pause
  even:
    type: expression_transform
    inputs: [rows]
    polars: |
      rows.filter(pl.col("id") % 2 == 0)
  store:
    type: postgres_load
    inputs: [even]
    connection: warehouse
    table: analytics.traced
    mode: append
`;

describe.each([
  { protocol: 'http/protobuf', urlOf: (receiver: OtlpReceiver) => receiver.httpUrl },
  { protocol: 'grpc', urlOf: (receiver: OtlpReceiver) => receiver.grpcUrl },
])('by OTLP over $protocol', ({ protocol, urlOf }) => {
  let receiver: OtlpReceiver;
  let floe: TestFloe;

  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    floe = await startTestFloe({
      executors: 2,
      slots: 1,
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: urlOf(receiver),
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      },
    });
    await prepareConnections(floe);
    await floe.sql('create schema if not exists analytics');
    await floe.sql('create table analytics.traced (id integer)');
    await floe.client.applyWorkflow(DOCUMENT);
  });

  afterAll(async () => {
    await floe?.[Symbol.asyncDispose]();
    await receiver?.stop();
  });

  /** The spans of a run's trace, once nothing is missing that was ever to come. */
  async function traceOf(runId: string): Promise<readonly ReceivedSpan[]> {
    const { traceId } = await floe.client.getRun(runId);
    return eventually(
      () => {
        const spans = receiver.spans().filter((span) => span.traceId === traceId);
        expectComplete(spans);
        return spans;
      },
      { withinMs: SPANS_WITHIN_MS },
    );
  }

  test('shows a run as one trace from the request to the SQL', async () => {
    const { run } = await floe.client.startRun({ workflowName: 'traced' });
    await awaitRunEnd(floe.client, run.runId, { withinMs: RUN_WITHIN_MS });
    const spans = await traceOf(run.runId);

    const services = new Set(spans.map((span) => span.service));
    for (const service of ['floe-gateway', 'floe-scheduler', 'floe-executor']) {
      expect(services, [...services].join(', ')).toContain(service);
    }
    expect(spans.some(isServer)).toBe(true);
    expect(spans.some((span) => span.attributes['rpc.system.name'] === 'grpc')).toBe(true);
    expect(spans.some((span) => span.attributes['messaging.system'] === 'nats')).toBe(true);
    expect(spans.some((span) => span.attributes['db.system.name'] === 'postgresql')).toBe(true);

    const root = one(spans, 'run traced');
    expect(root.parentSpanId).toBeUndefined();
    expect(root.attributes['floe.run.id']).toBe(run.runId);
    for (const [taskId, rows] of [
      ['rows', 1000],
      ['even', 500],
      ['store', 500],
    ] as const) {
      const task = one(spans, `task ${taskId}`);
      expect(task.parentSpanId).toBe(root.spanId);
      expect(task.attributes['floe.rows']).toBe(rows);
      expect(task.attributes['floe.bytes']).toBeGreaterThan(0);
      const attempt = one(spans, `attempt ${taskId}`);
      expect(attempt.parentSpanId).toBe(task.spanId);
      expect(below(attempt, spans).length).toBeGreaterThan(0);
    }
    const load = below(one(spans, 'attempt store'), spans);
    expect(load.some((span) => span.attributes['db.system.name'] === 'postgresql')).toBe(true);
  });

  test('loses no parent when the executor is killed in the middle', async () => {
    const { run } = await floe.client.startRun({
      workflowName: 'traced',
      parameters: { pause: 2 },
    });
    await awaitTaskState(floe.client, run.runId, {
      taskId: 'rows',
      state: 'TASK_STATE_RUNNING',
      withinMs: 20_000,
    });
    const { taskRuns } = await floe.client.listTaskRuns(run.runId);
    const executorId = taskRuns
      .find(({ taskId }) => taskId === 'rows')
      ?.attempts.at(-1)?.executorId;
    process.kill(await pidOf(floe, executorId!), 'SIGKILL');

    const ended = await awaitRunEnd(floe.client, run.runId, { withinMs: RUN_WITHIN_MS });
    expect(ended.state).toBe('RUN_STATE_SUCCEEDED');
    const spans = await traceOf(run.runId);
    const attempts = spans
      .filter((span) => span.name === 'attempt rows')
      .toSorted((a, b) => a.startMs - b.startMs);
    expect(attempts.map((span) => span.attributes['floe.state'])).toEqual(['lost', 'succeeded']);
    expect(attempts[1]!.links.map((link) => link.spanId)).toEqual([attempts[0]!.spanId]);
  });
});

function isServer(span: ReceivedSpan): boolean {
  return span.kind === 'server' && span.service === 'floe-gateway';
}

function one(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const found = spans.filter((span) => span.name === name);
  expect(found.map((span) => span.name)).toEqual([name]);
  return found[0]!;
}

/** The run is there, what each good attempt did is there, and so is every parent. */
function expectComplete(spans: readonly ReceivedSpan[]): void {
  expect(spans.map((span) => span.name)).toContain('run traced');
  const attempts = spans.filter((span) => span.name.startsWith('attempt '));
  for (const attempt of attempts) {
    if (attempt.attributes['floe.state'] !== 'succeeded') continue;
    expect(below(attempt, spans).map((span) => span.kind)).toContain('consumer');
  }
  const ids = new Set(spans.map((span) => span.spanId));
  const orphans = spans.filter(
    ({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId),
  );
  expect(orphans.map((span) => `${span.service} ${span.name}`)).toEqual([]);
}

/** Everything under a span, however deep. */
function below(top: ReceivedSpan, spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  const children = spans.filter((span) => span.parentSpanId === top.spanId);
  return children.flatMap((child) => [child, ...below(child, spans)]);
}
