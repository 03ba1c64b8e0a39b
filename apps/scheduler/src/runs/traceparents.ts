import { formatTraceparent } from '@floe/telemetry';
import type { RunRecord } from './run-record.ts';

/** The span of a task, or of the run: what is published about it happens under this span. */
export function taskTraceparent(record: RunRecord, task?: number): string {
  const spanId = task === undefined ? record.spanId : record.details[task]!.spanId;
  return formatTraceparent({ traceId: record.traceId, spanId, traceFlags: record.traceFlags });
}

/** The span of the newest attempt of a task: what an executor does for it happens under this span. */
export function attemptTraceparent(record: RunRecord, task: number): string {
  const { attemptSpanId, spanId } = record.details[task]!;
  const { traceId, traceFlags } = record;
  return formatTraceparent({ traceId, spanId: attemptSpanId ?? spanId, traceFlags });
}
