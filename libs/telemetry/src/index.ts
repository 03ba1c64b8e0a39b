export { ATTRIBUTE } from './attributes.ts';
export type { Attributes, AttributeValue } from './attributes.ts';
export { currentTrace, currentTraceparent, withTraceparent } from './current-context.ts';
export { emitSpan, emitSpansNow } from './finished-span.ts';
export type { FinishedSpan, SpanEvent, SpanLink } from './finished-span.ts';
export { createLogger } from './log.ts';
export type { Log, LogLevel, LoggerOptions } from './log.ts';
export { maskSecrets } from './mask-secrets.ts';
export { openSpan, span } from './span.ts';
export type { Kind, OpenSpan, SpanOptions } from './span.ts';
export { REFUSALS } from './metrics.ts';
export type { Refusal } from './metrics.ts';
export { countRefusal, currentTelemetry, startTelemetry } from './telemetry.ts';
export type { Telemetry, TelemetryOptions } from './telemetry.ts';
export type { Environment } from './telemetry-settings.ts';
export {
  formatTraceparent,
  isSampled,
  newSpanId,
  newTraceId,
  parseTraceparent,
} from './trace-context.ts';
export type { TraceContext } from './trace-context.ts';
