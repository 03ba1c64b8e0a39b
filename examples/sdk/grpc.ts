/** The same over gRPC, straight to the services: node grpc.ts */
import { createFloeClient } from '@floe/client';
import { ReportingService, RunState, SchedulerService } from '@floe/client/contracts';
import { createGrpcClient } from '@floe/client/grpc';
import { Client, credentials, Metadata } from '@grpc/grpc-js';

const gateway = process.env['FLOE_GATEWAY_URL'] ?? 'http://127.0.0.1:7400';
const { services } = await createFloeClient({ baseUrl: gateway }).getSystem();
const channelTo = (address: string) => new Client(address, credentials.createInsecure());
const toScheduler = channelTo(services['scheduler'] ?? '');
const toReporting = channelTo(services['reporting'] ?? '');
const metadata = () => new Metadata();

const scheduler = createGrpcClient(SchedulerService, { channel: toScheduler, metadata });
const reporting = createGrpcClient(ReportingService, { channel: toReporting, metadata });
try {
  const { run } = await scheduler.startRun({ workflowName: 'sdk-revenue', requestId: crypto.randomUUID() });
  let last = run;
  for await (const { update } of reporting.watchRun({ runId: run?.runId ?? '' })) {
    if (update?.$case === 'event') last = update.value.run ?? last;
  }
  console.log(last?.state === RunState.SUCCEEDED ? 'succeeded' : last?.state);
} finally {
  toScheduler.close();
  toReporting.close();
}
