export { freePort } from '@floe/embedded';
export { eventually } from './eventually.ts';
export { startTestNats } from './test-nats.ts';
export type { TestNats } from './test-nats.ts';
export { startTestPostgres } from './test-postgres.ts';
export type { TestPostgres } from './test-postgres.ts';
export { startOtlpReceiver } from './otlp-receiver.ts';
export type { OtlpReceiver } from './otlp-receiver.ts';
export type { ReceivedSpan } from './received-span.ts';
