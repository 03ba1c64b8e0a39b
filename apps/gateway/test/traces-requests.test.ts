import { ListRunsResponse } from '@floe/rpc/contracts';
import { startOtlpReceiver } from '@floe/testing';
import { expect, test, vi } from 'vitest';
import { startFixture } from './gateway-fixture.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT_ID = 'b7ad6b7169203331';

test('a request has one server span in the trace of its caller, above that of its call', async () => {
  const receiver = await startOtlpReceiver();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', receiver.httpUrl);
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '10');
  try {
    const listRuns = async () => ListRunsResponse.create();
    await using fixture = await startFixture({ reporting: { listRuns } });
    const headers = { traceparent: `00-${TRACE_ID}-${PARENT_ID}-01` };
    await (await fetch(`${fixture.url}/api/v1/runs?page_size=5`, { headers })).text();
    await (await fetch(`${fixture.url}/api/v1/nothing`)).text();
    await receiver.waitFor((spans) => spans.some((span) => span.name === 'GET'), 10_000);
    const spans = receiver.spans();
    const request = spans.filter((span) => span.name === 'GET /api/v1/runs');
    expect(request).toHaveLength(1);
    expect(request[0]).toMatchObject({ traceId: TRACE_ID, parentSpanId: PARENT_ID });
    expect(request[0]?.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.route': '/api/v1/runs',
      'http.response.status_code': 200,
      'url.path': '/api/v1/runs',
    });
    const call = spans.find((span) => span.parentSpanId === request[0]?.spanId);
    expect(call?.name).toBe('floe.v1.ReportingService/ListRuns');
  } finally {
    vi.unstubAllEnvs();
    await receiver.stop();
  }
});
