import type { RunRecord } from './run-record.ts';

/** The span of a task, or of the run: what is published about it happens under this span. */
export function taskTraceparent(record: RunRecord, task?: number): string {
  return traceparent(record, task === undefined ? record.spanId : record.details[task]!.spanId);
}

/** The span of an attempt of a task: what an executor does for it happens under this span. */
export function attemptTraceparent(record: RunRecord, task: number, epoch: number): string {
  const {
    holders,
    attemptSpanId = holders?.[epoch]?.attemptSpanId,
    spanId,
  } = record.details[task]!;
  return traceparent(record, attemptSpanId ?? spanId);
}

/** W3C Trace Context, version 00. */
function traceparent({ traceId, traceFlags }: RunRecord, spanId: string): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
