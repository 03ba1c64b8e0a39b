/** Another process in a trace: it goes on from the `traceparent` that it is given. */
import { span, startTelemetry } from '@floe/telemetry';

const telemetry = await startTelemetry({
  serviceName: 'floe-child',
  instanceId: 'child',
  version: '0',
});
await span('in the child', { kind: 'consumer', parent: process.argv[2] ?? null }, () => undefined);
await telemetry.stop();
